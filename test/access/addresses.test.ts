import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalAddress, createAddressList, readAddress } from '../../src/access/addresses.ts';

describe('address list', () => {
  it('takes a single address and no other', () => {
    const list = createAddressList(['192.0.2.7']);
    expect(list.allows('192.0.2.7')).toBe(true);
    expect(list.allows('192.0.2.8')).toBe(false);
  });

  it('takes all of a block, and nothing before or behind it', () => {
    const list = createAddressList(['10.1.0.0/16', '2001:db8::/32']);
    expect(list.allows('10.1.0.0')).toBe(true);
    expect(list.allows('10.1.255.255')).toBe(true);
    expect(list.allows('10.0.255.255')).toBe(false);
    expect(list.allows('10.2.0.0')).toBe(false);
    expect(list.allows('2001:db8:ffff::1')).toBe(true);
    expect(list.allows('2001:db9::1')).toBe(false);
  });

  it('takes an IPv4 address in its mapped form, and a mapped block for IPv4 addresses', () => {
    expect(createAddressList(['10.0.0.0/8']).allows('::ffff:10.1.2.3')).toBe(true);
    expect(createAddressList(['10.0.0.0/8']).allows('::ffff:0a01:0203')).toBe(true);
    expect(createAddressList(['::ffff:10.0.0.0/104']).allows('10.9.9.9')).toBe(true);
    expect(createAddressList(['::ffff:10.0.0.0/104']).allows('11.0.0.1')).toBe(false);
  });

  it('reads an address with a zone', () => {
    expect(createAddressList(['fe80::/10']).allows('fe80::1%eth0')).toBe(true);
  });

  it('reads an address as a proxy writes it, with a port', () => {
    const list = createAddressList(['203.0.113.9', '2001:db8::9']);
    expect(list.allows('203.0.113.9:4711')).toBe(true);
    expect(list.allows('[2001:db8::9]:4711')).toBe(true);
    expect(list.allows('[::ffff:203.0.113.9]:4711')).toBe(true);
    expect(list.allows('203.0.113.8:4711')).toBe(false);
  });

  it('takes entries in brackets', () => {
    expect(createAddressList(['[::1]']).allows('::1')).toBe(true);
    expect(createAddressList(['[2001:db8::]/32']).allows('2001:db8::9')).toBe(true);
  });

  it('takes nothing that is no address', () => {
    const list = createAddressList(['0.0.0.0/0', '::/0']);
    expect(list.allows(undefined)).toBe(false);
    expect(list.allows('localhost')).toBe(false);
  });

  it('of IPv4 blocks agrees with arithmetic', () => {
    const value = fc.nat({ max: 0xffffffff });
    fc.assert(
      fc.property(value, fc.nat({ max: 32 }), value, (block, prefix, address) => {
        const list = createAddressList([`${dotted(block)}/${prefix}`]);
        const size = 2 ** (32 - prefix);
        expect(list.allows(dotted(address))).toBe(Math.floor(block / size) === Math.floor(address / size));
      }),
    );
  });

  it.each([
    '',
    'localhost',
    '10.0.0.0/33',
    '10.0.0.0/-1',
    '10.0.0.0/',
    '10.0.0/8',
    '::1/129',
    '1.2.3.4/8/8',
    '::ffff:1.2.3.4/8',
    '10.0.0.1:80',
    '[::1]:80',
    '[10.0.0.1]',
    '1.2.3.4%eth0',
  ])('refuses %j as an entry', (entry) => {
    expect(() => createAddressList([entry])).toThrow(RangeError);
  });
});

describe('reading of an address', () => {
  it.each([
    ['192.0.2.7', { address: '192.0.2.7', family: 'ipv4' }],
    ['192.0.2.7:80', { address: '192.0.2.7', family: 'ipv4', port: 80 }],
    ['::FFFF:192.0.2.7', { address: '192.0.2.7', family: 'ipv4' }],
    ['2001:DB8:0::7', { address: '2001:db8::7', family: 'ipv6' }],
    ['[2001:db8::7]', { address: '2001:db8::7', family: 'ipv6' }],
    ['[2001:db8::7]:80', { address: '2001:db8::7', family: 'ipv6', port: 80 }],
    ['fe80::1%eth0', { address: 'fe80::1', family: 'ipv6', zone: 'eth0' }],
    ['[fe80::1%eth0]:80', { address: 'fe80::1', family: 'ipv6', zone: 'eth0', port: 80 }],
  ])('reads %s', (text, expected) => {
    expect(readAddress(text)).toEqual(expected);
  });

  it.each([
    '',
    'localhost',
    'localhost:80',
    'unknown',
    '192.0.2.7:',
    '192.0.2.7:70000',
    '[192.0.2.7]:80',
    '[::1',
    '::1]',
    '[::1]x',
    '[[::1]]',
  ])('refuses %j', (text) => {
    expect(readAddress(text)).toBeUndefined();
  });

  it('writes one form of each address, and leaves other texts alone', () => {
    expect(['[FE80::1%eth0]:80', '::ffff:1.2.3.4', 'unknown'].map(canonicalAddress)).toEqual([
      'fe80::1%eth0',
      '1.2.3.4',
      'unknown',
    ]);
  });
});

const dotted = (value: number) =>
  [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');

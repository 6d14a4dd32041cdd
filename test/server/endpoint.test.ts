import { expect, it } from 'vitest';
import { versionIn } from '../../src/server/endpoint.ts';

it.each([
  '/soap/mktows/2_7',
  '/soap/mktows/2_7/',
  '//soap///mktows//2_7//',
  '/soap/mktows/2_7?WSDL',
  '/soap/mktows/2_7#part',
  '/soap/mktows/2%5F7?%zz',
  'http://api.example.com:8980/soap/mktows/2_7',
])('%s is the endpoint of version 2_7', (target) => {
  expect(versionIn(target)).toBe('2_7');
});

it.each([
  '',
  '*',
  '/',
  '/soap/mktows',
  '/soap/mktows/2.7',
  '/soap/mktows/2_7x',
  '/soap/mktows/2_7/more',
  '/soap/mktows/1234567890_1',
  '/soap%2Fmktows/2_7',
  '/soap/mktows/2_7%zz',
  '/x?/soap/mktows/2_7',
])('%j is not the endpoint', (target) => {
  expect(versionIn(target)).toBeUndefined();
});

it('a target of slashes is read in linear time', () => {
  const began = performance.now();
  expect(versionIn('/'.repeat(300_000))).toBeUndefined();
  expect(versionIn(`/soap/mktows/2_7${'/'.repeat(300_000)}x`)).toBeUndefined();
  expect(performance.now() - began).toBeLessThan(5_000);
});

import { BlockList, isIP, SocketAddress } from 'node:net';

/** The client addresses that may call. */
export interface AddressList {
  /** Whether this address is on the list. An IPv4 address counts the same in its IPv6-mapped form. */
  allows(address: string | undefined): boolean;
}

/** Names for blocks of addresses that a proxy may be given by, as the HTTP framework knows them. */
export const namedBlocks: Readonly<Record<string, readonly string[]>> = {
  loopback: ['127.0.0.0/8', '::1/128'],
  linklocal: ['169.254.0.0/16', 'fe80::/10'],
  uniquelocal: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'],
};

/** A list of these entries, each an address or a CIDR block of either family. Throws `RangeError` at a bad one. */
export function createAddressList(entries: readonly string[]): AddressList {
  const list = new BlockList();
  for (const entry of entries) {
    const { address, family, prefix } = readBlock(entry);
    list.addSubnet(address, prefix, family);
  }
  return {
    allows(text) {
      const found = text === undefined ? undefined : readAddress(text);
      return found !== undefined && list.check(found.address, found.family);
    },
  };
}

interface Address {
  readonly address: string;
  readonly family: 'ipv4' | 'ipv6';
}

function readBlock(entry: string): Address & { readonly prefix: number } {
  const [text = '', length, ...rest] = entry.split('/');
  const found = readAddress(text);
  const bad = () =>
    new RangeError(`${JSON.stringify(entry)} is neither an IP address nor a block such as 10.0.0.0/8`);
  if (!found || rest.length > 0) throw bad();
  const bits = found.family === 'ipv4' ? 32 : 128;
  if (length === undefined) return { ...found, prefix: bits };
  if (!/^\d{1,3}$/.test(length)) throw bad();
  // A mapped address was shortened by its first 96 bits.
  const prefix = found.family === 'ipv4' && isIP(text) === 6 ? Number(length) - 96 : Number(length);
  if (prefix < 0 || prefix > bits) throw bad();
  return { ...found, prefix };
}

/** An address in canonical form: without zone, and IPv4 where it is IPv4-mapped (RFC 4291, 2.5.5.2). */
function readAddress(text: string): Address | undefined {
  const [address = ''] = text.split('%');
  if (isIP(address) === 4) return { address, family: 'ipv4' };
  if (isIP(address) !== 6) return undefined;
  const canonical = new SocketAddress({ address, family: 'ipv6' }).address;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(canonical)?.[1];
  return mapped === undefined ? { address: canonical, family: 'ipv6' } : { address: mapped, family: 'ipv4' };
}

import { BlockList, isIP, SocketAddress } from 'node:net';

/** The client addresses that may call. */
export interface AddressList {
  /**
   * Whether this address is on the list, in any form that `readAddress` takes; its port and zone do not count.
   */
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

/** An IP address, and what was written with it. */
export interface Address {
  /** In canonical form, without zone and port; IPv4 if it was IPv4-mapped (RFC 4291, 2.5.5.2). */
  readonly address: string;
  readonly family: 'ipv4' | 'ipv6';
  /** The zone of an IPv6 address: the `eth0` of `fe80::1%eth0` (RFC 4007, 11). */
  readonly zone: string | undefined;
  readonly port: number | undefined;
}

/** IPv6 in brackets, as a URL has it, and IPv4, each with a port. */
const bracketed = /^\[([^[\]]*:[^[\]]*)\](?::(\d{1,5}))?$/;
const withPort = /^([\d.]+):(\d{1,5})$/;

/**
 * Reads an IP address as options, sockets and proxies write it: `192.0.2.7`, `192.0.2.7:4711`, `2001:db8::7`,
 * `[2001:db8::7]`, `[2001:db8::7]:4711`, `fe80::1%eth0`. Undefined: the text is no address.
 */
export function readAddress(text: string): Address | undefined {
  const [, inner = text, digits] = bracketed.exec(text) ?? withPort.exec(text) ?? [];
  const port = digits === undefined ? undefined : Number(digits);
  if (port !== undefined && port > 65_535) return undefined;
  const kind = isIP(inner);
  if (kind === 0) return undefined;
  if (kind === 4) return { address: inner, family: 'ipv4', zone: undefined, port };
  const [plain = '', zone] = inner.split('%');
  const canonical = new SocketAddress({ address: plain, family: 'ipv6' }).address;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(canonical)?.[1];
  if (mapped !== undefined) return { address: mapped, family: 'ipv4', zone: undefined, port };
  return { address: canonical, family: 'ipv6', zone, port };
}

/** An address as it is logged: without port, with its zone. A text that is no address stays as it is. */
export function canonicalAddress(text: string): string {
  const found = readAddress(text);
  if (found === undefined) return text;
  return found.zone === undefined ? found.address : `${found.address}%${found.zone}`;
}

/** Reads an entry of a list, an address or a block. Its zone does not count; a port would, so there is none. */
function readBlock(entry: string): Pick<Address, 'address' | 'family'> & { readonly prefix: number } {
  const [text = '', length, ...rest] = entry.split('/');
  const found = readAddress(text);
  const bad = () =>
    new RangeError(
      `${JSON.stringify(entry)} is neither an IP address without port nor a block such as 10.0.0.0/8`,
    );
  if (!found || found.port !== undefined || rest.length > 0) throw bad();
  const bits = found.family === 'ipv4' ? 32 : 128;
  if (length === undefined) return { ...found, prefix: bits };
  if (!/^\d{1,3}$/.test(length)) throw bad();
  // A mapped address was shortened by its first 96 bits.
  const prefix = found.family === 'ipv4' && text.includes(':') ? Number(length) - 96 : Number(length);
  if (prefix < 0 || prefix > bits) throw bad();
  return { ...found, prefix };
}

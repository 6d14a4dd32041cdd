import { BlockList, isIP, SocketAddress } from 'node:net';

/** The client addresses that are allowed to call. */
export interface AddressList {
  /**
   * Tells whether the list contains this address, in any form that `readAddress` accepts; port and zone are ignored.
   */
  allows(address: string | undefined): boolean;
}

/** Named blocks of addresses for `--trust-proxy`, the same as in Fastify. */
export const namedBlocks: Readonly<Record<string, readonly string[]>> = {
  loopback: ['127.0.0.0/8', '::1/128'],
  linklocal: ['169.254.0.0/16', 'fe80::/10'],
  uniquelocal: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'],
};

/**
 * Creates a list from addresses and CIDR blocks of either family. Throws `RangeError` at the first invalid entry.
 */
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

/** An IP address with its zone. */
export interface Address {
  /** In canonical form, without zone and port; IPv4 if it was IPv4-mapped (RFC 4291, 2.5.5.2). */
  readonly address: string;
  readonly family: 'ipv4' | 'ipv6';
  /** The zone of an IPv6 address: the `eth0` of `fe80::1%eth0` (RFC 4007, 11). */
  readonly zone: string | undefined;
  readonly port: number | undefined;
}

/** Matches IPv6 in brackets, as in a URL, with an optional port. */
const bracketed = /^\[([^[\]]*:[^[\]]*)\](?::(\d{1,5}))?$/;
const withPort = /^([\d.]+):(\d{1,5})$/;

/**
 * Parses an IP address as options, sockets and proxies write it: `192.0.2.7`, `192.0.2.7:4711`, `2001:db8::7`,
 * `[2001:db8::7]`, `[2001:db8::7]:4711`, `fe80::1%eth0`. Returns undefined for anything else.
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

/** Formats an address for the log: without port, with its zone. Returns any other text unchanged. */
export function canonicalAddress(text: string): string {
  const found = readAddress(text);
  if (found === undefined) return text;
  return found.zone === undefined ? found.address : `${found.address}%${found.zone}`;
}

/** Parses a list entry, an address or a block. Ignores a zone; rejects a port, since it could not be honoured. */
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
  // `readAddress` dropped the first 96 bits of a mapped address.
  const prefix = found.family === 'ipv4' && text.includes(':') ? Number(length) - 96 : Number(length);
  if (prefix < 0 || prefix > bits) throw bad();
  return { ...found, prefix };
}

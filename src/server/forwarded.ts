import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import { canonicalAddress, createAddressList, namedBlocks } from '../access/addresses.ts';
import { hostAndPort, SOAP_PATH } from './endpoint.ts';

/** Reads the client's data from X-Forwarded-* headers, as far as trusted proxies wrote them. */
export interface Forwarded {
  /** Returns whether an address is a trusted proxy's. */
  isProxy(address: string): boolean;
  /** Returns the client's address in canonical form, without a port. */
  addressOf(request: IncomingMessage): string | null;
  /**
   * Returns the URL of the endpoint as the client sees it. If the Host header is not a plain host with a port, uses
   * the address that the client connected to.
   */
  endpointSeenBy(request: IncomingMessage, version: string): string;
}

const plainHost = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:\d{1,5})?$/i;

/** `proxies`: addresses, blocks, and names of blocks. */
export function createForwarded(proxies: readonly string[]): Forwarded {
  const list = createAddressList(proxies.flatMap((proxy) => namedBlocks[proxy] ?? [proxy]));
  const isProxy = (address: string) => proxies.length > 0 && list.allows(address);

  /** Returns the last entry of a header, which the connected proxy wrote. Earlier entries come from its client. */
  function stated(request: IncomingMessage, name: string): string | undefined {
    const header = request.headers[name];
    if (!header || !isProxy(request.socket.remoteAddress ?? '')) return undefined;
    return String(header).split(',').at(-1)?.trim();
  }

  return {
    isProxy,
    addressOf(request) {
      let address = request.socket.remoteAddress;
      if (address === undefined) return null;
      const before = proxies.length > 0 ? entriesOf(request.headers['x-forwarded-for']) : [];
      while (before.length > 0 && isProxy(address)) address = before.pop() as string;
      return canonicalAddress(address);
    },
    endpointSeenBy(request, version) {
      const own = request.socket instanceof TLSSocket ? 'https' : 'http';
      const scheme = schemeIn(stated(request, 'x-forwarded-proto')) ?? own;
      const host = stated(request, 'x-forwarded-host') ?? request.headers.host ?? '';
      const port = stated(request, 'x-forwarded-port');
      const seen = plainHost.test(host) ? withPort(host, scheme, port) : connectedHost(request);
      return `${scheme}://${seen}${SOAP_PATH}/${version}`;
    },
  };
}

function schemeIn(stated: string | undefined): 'http' | 'https' | undefined {
  const scheme = stated?.toLowerCase();
  return scheme === 'http' || scheme === 'https' ? scheme : undefined;
}

/** Many proxies send the host without its port, and the port in a separate header. */
function withPort(host: string, scheme: 'http' | 'https', port: string | undefined): string {
  if (port === undefined || !/^[1-9]\d{0,4}$/.test(port) || Number(port) > 65_535) return host;
  const isDefault = Number(port) === (scheme === 'https' ? 443 : 80);
  return isDefault || /:\d+$/.test(host) ? host : `${host}:${port}`;
}

const entriesOf = (header: string | string[] | undefined): string[] =>
  String(header ?? '')
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');

function connectedHost({ socket }: IncomingMessage): string {
  const { localAddress = '127.0.0.1', localPort } = socket;
  return hostAndPort(canonicalAddress(localAddress), localPort);
}

import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { createAddressList, namedBlocks } from '../access/addresses.ts';
import { LATEST_VERSION } from '../server/endpoint.ts';
import type { Forwarded } from '../server/forwarded.ts';
import { Problem } from '../server/json-routes.ts';

/** From where the admin API can be reached. */
export interface Reach {
  /** Only from this machine, and not through a proxy: it shares the port of the SOAP endpoint. */
  readonly isLocal: boolean;
  /** Host names in URLs of the API, besides addresses and `localhost`. */
  readonly names: readonly string[];
}

const loopback = createAddressList(namedBlocks.loopback ?? []);

/** Headers that proxies add. */
const proxyHeader =
  /^(?:forwarded|via|x-forwarded(?:-.*)?|x-original-.*|(?:x-real|x-client|x-cluster-client|true-client|cf-connecting)-ip)$/;

/**
 * Throws a `Problem` if a request does not come from where it may, or if the host of its URL is not one of ours: a web
 * page can give its own name our address (DNS rebinding). An address as the host proves that no name was asked for.
 */
export function checkReach(request: IncomingMessage, forwarded: Forwarded, { isLocal, names }: Reach): void {
  if (isLocal && !isFromHere(request)) {
    throw new Problem(
      403,
      'On this port, the admin API answers only to this machine, without a proxy in between; to reach it from elsewhere, start the server with --admin-port and --admin-host',
    );
  }
  const { hostname } = seenUrl(request, forwarded);
  const host = hostname.replace(/\.$/, '');
  const isAddress = isIP(host) !== 0 || host.startsWith('[');
  if (isAddress || host === 'localhost' || host.endsWith('.localhost') || names.includes(host)) return;
  throw new Problem(
    421,
    `The admin API does not go by the name ${host}; use http://localhost or an address, or start the server with --admin-names ${host}`,
  );
}

/**
 * Throws a `Problem` for a request that a page of another origin makes. Browsers say so themselves, older ones by the
 * origin only.
 */
export function checkOrigin(request: IncomingMessage, forwarded: Forwarded): void {
  const { origin, 'sec-fetch-site': site } = request.headers;
  const isForeign =
    site === undefined
      ? origin !== undefined && hostOf(origin) !== seenUrl(request, forwarded).host
      : site !== 'same-origin' && site !== 'none';
  if (isForeign) throw new Problem(403, 'The admin API takes no requests from pages of other origins');
}

/** HTTP/1.0 is what nginx speaks to a server unless it is told otherwise, then also without any of these headers. */
function isFromHere({ socket, headers, httpVersion }: IncomingMessage): boolean {
  const { remoteAddress, localAddress } = socket;
  const isOurs = loopback.allows(remoteAddress) || remoteAddress === localAddress;
  return isOurs && httpVersion !== '1.0' && !Object.keys(headers).some((name) => proxyHeader.test(name));
}

/** The URL of this server as the client sees it. */
function seenUrl(request: IncomingMessage, forwarded: Forwarded): URL {
  const url = forwarded.endpointSeenBy(request, LATEST_VERSION);
  if (URL.canParse(url)) return new URL(url);
  throw new Problem(400, 'The Host header holds no host with a port');
}

const hostOf = (url: string): string | undefined => (URL.canParse(url) ? new URL(url).host : undefined);

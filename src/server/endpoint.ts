import { isIPv6 } from 'node:net';
import type { FastifyRequest } from 'fastify';

/** The path under which SOAP calls of any version of the API arrive. */
export const SOAP_PATH = '/soap/mktows';

/** The version that is named where one must be named: the last one whose classes were published (F8). */
export const LATEST_VERSION = '2_7';

/** A version as it stands in the path. */
const VERSION = '\\d{1,9}_\\d{1,9}';

/** The route of the SOAP endpoint, in the router's syntax. */
export const SOAP_ROUTE = `${SOAP_PATH}/:version(^${VERSION}$)`;

const onSoapPath = new RegExp(`^${SOAP_PATH}/+${VERSION}/*$`);

/** Whether this request target is the SOAP endpoint's. */
export const isSoapPath = (url: string): boolean => onSoapPath.test(url.split('?', 1)[0] ?? '');

/** Whether the query of this request target asks for the WSDL: a parameter `wsdl` in any case, with any value. */
export function asksForWsdl(url: string): boolean {
  const query = url.split('?').slice(1).join('&');
  return query.split(/[&;]/).some((part) => /^wsdl(=|$)/i.test(part));
}

const plainHost = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:\d{1,5})?$/i;

/**
 * The absolute address of the endpoint as the client of this request sees it: its scheme, host and version. What
 * a client sends as host is data: if it is not a plain host with a port, the address that it connected to counts.
 */
export function endpointSeenBy(request: FastifyRequest, version: string): string {
  const scheme = request.protocol === 'https' ? 'https' : 'http';
  const { host } = request;
  return `${scheme}://${plainHost.test(host) ? host : connectedHost(request)}${SOAP_PATH}/${version}`;
}

function connectedHost(request: FastifyRequest): string {
  const { localAddress = '127.0.0.1', localPort } = request.socket;
  return hostAndPort(localAddress.replace(/^::ffff:/, ''), localPort);
}

/** Host and port as they stand in a URL. */
export function hostAndPort(host: string, port: number | undefined): string {
  const name = isIPv6(host) ? `[${host}]` : host;
  return port === undefined ? name : `${name}:${port}`;
}

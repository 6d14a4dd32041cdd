import { isIPv6 } from 'node:net';

/** The path under which SOAP calls of any version of the API arrive. */
export const SOAP_PATH = '/soap/mktows';

/**
 * The version that is named where one must be named: the last one whose classes were published
 * (docs/wire.md#versions).
 */
export const LATEST_VERSION = '2_7';

/** The endpoint's path with any number of slashes, behind scheme and host if a client takes this for its proxy. */
const soapTarget = new RegExp(
  `^(?:https?://[^/]*)?${SOAP_PATH.replaceAll('/', '/+')}/+(\\d{1,9}_\\d{1,9})/*(?:[?#]|$)`,
);

/** The version of the API whose SOAP endpoint this request target is; undefined: it is something else. */
export function versionIn(url: string): string | undefined {
  const found = soapTarget.exec(url) ?? (url.includes('%') ? soapTarget.exec(decoded(url)) : null);
  return found?.[1];
}

function decoded(url: string): string {
  const [path = ''] = url.split('?', 1);
  try {
    return decodeURI(path);
  } catch {
    return path;
  }
}

/** Whether the query of this request target asks for the WSDL: a parameter `wsdl` in any case, with any value. */
export function asksForWsdl(url: string): boolean {
  const query = url.split('?').slice(1).join('&');
  return query.split(/[&;]/).some((part) => /^wsdl(=|$)/i.test(part));
}

/** Host and port as they stand in a URL. */
export function hostAndPort(host: string, port: number | undefined): string {
  const name = isIPv6(host) ? `[${host}]` : host;
  return port === undefined ? name : `${name}:${port}`;
}

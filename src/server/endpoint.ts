import { isIPv6 } from 'node:net';

/** The path of the SOAP endpoint, without the API version. */
export const SOAP_PATH = '/soap/mktows';

/** The version used where one must be named: the last one whose classes were published (docs/wire.md#versions). */
export const LATEST_VERSION = '2_7';

/** The endpoint's path with any number of slashes, with or without scheme and host (as sent to a proxy). */
const soapTarget = new RegExp(
  `^(?:https?://[^/]*)?${SOAP_PATH.replaceAll('/', '/+')}/+(\\d{1,9}_\\d{1,9})/*(?:[?#]|$)`,
);

/** Returns the API version of a SOAP endpoint URL; undefined for other URLs. */
export function versionIn(url: string): string | undefined {
  const found = soapTarget.exec(url) ?? (url.includes('%') ? soapTarget.exec(decoded(url)) : null);
  return found?.[1];
}

/** Returns the major number of an API version: `2_7` → 2. */
export const majorVersion = (version: string): number => Number(version.slice(0, version.indexOf('_')));

function decoded(url: string): string {
  const [path = ''] = url.split('?', 1);
  try {
    return decodeURI(path);
  } catch {
    return path;
  }
}

/** Returns whether a URL asks for the WSDL: it has a parameter `wsdl`, in any case and with any value. */
export function asksForWsdl(url: string): boolean {
  const query = url.split('?').slice(1).join('&');
  return query.split(/[&;]/).some((part) => /^wsdl(=|$)/i.test(part));
}

/** Formats host and port for a URL. */
export function hostAndPort(host: string, port: number | undefined): string {
  const name = isIPv6(host) ? `[${host}]` : host;
  return port === undefined ? name : `${name}:${port}`;
}

import { faults } from '../contract/faults.ts';
import { type MktowsError, MktowsFault, MktowsNoAnswer } from './errors.ts';

/** Returns what a person needs to know of a call that failed: what happened, and what to do. */
export function failureText(error: MktowsError): string {
  if (error instanceof MktowsFault) {
    const { code, faultcode, message } = error;
    if (code === undefined) return `fault ${faultcode}: ${message}`;
    const said = message.endsWith(` (${code})`) ? message.slice(0, -` (${code})`.length) : message;
    const remedy = aboutTheCaller.has(code) ? `. ${faults[code as keyof typeof faults].remedy}` : '';
    return `fault ${code}: ${said}${remedy}`;
  }
  const advice = error instanceof MktowsNoAnswer ? connectionAdvice(codeOf(error.cause)) : undefined;
  return advice === undefined ? error.message : `${error.message}; ${advice}`;
}

/** Faults whose message does not say what to do: they depend on who calls, and when. */
const aboutTheCaller: ReadonlySet<number> = new Set([20013, 20014, 20015, 20016]);

/** Codes of OpenSSL for a chain that does not end in a known certificate authority. */
const untrusted = [
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
] as const;

const TRUST_IT =
  'its certificate is not trusted: set NODE_EXTRA_CA_CERTS to the PEM file of it or of its authority, or NODE_USE_SYSTEM_CA=1 for those of this machine';
const NO_TLS = 'TLS is not spoken there: does the address begin with http://?';

const advices: ReadonlyMap<string, string> = new Map([
  ...untrusted.map((code) => [code, TRUST_IT] as const),
  ['ECONNREFUSED', 'nothing listens there: is the server running, and the port right?'],
  ['ENOTFOUND', 'there is no such host: is its name right?'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', NO_TLS],
  ['ERR_SSL_PACKET_LENGTH_TOO_LONG', NO_TLS],
  ['UND_ERR_SOCKET', 'the connection was closed: does the address begin with https://?'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'the certificate is for other names: use one of them in the address'],
]);

/** Returns what to do about a connection that failed with a code of Node or OpenSSL; undefined: nothing is known. */
export const connectionAdvice = (code: string | undefined): string | undefined =>
  code === undefined ? undefined : advices.get(code);

/** The code of an error of `fetch`, which has the error of the connection as its cause. */
function codeOf(error: unknown): string | undefined {
  const { code, cause } = (error ?? {}) as {
    readonly code?: string;
    readonly cause?: { readonly code?: string };
  };
  return cause?.code ?? code;
}

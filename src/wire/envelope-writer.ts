import { MKTOWS_NAMESPACE } from '../contract/operations.ts';
import { SOAP_NAMESPACE, XSI_NAMESPACE } from './namespaces.ts';

const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n';
const soap = `xmlns:SOAP-ENV="${SOAP_NAMESPACE}"`;

/** Declares the prefix of the API's messages. */
export const ns1 = `xmlns:ns1="${MKTOWS_NAMESPACE}"`;
/** Declares the prefix of `xsi:nil` and `xsi:type`. */
export const xsi = `xmlns:xsi="${XSI_NAMESPACE}"`;

/**
 * A whole envelope, its prefixes those of the published answers (docs/wire.md#2-answers). `namespaces`: further
 * declarations on Envelope. `header` and `body`: what is inside them, already written; without a header there is no
 * Header.
 */
export function writeEnvelope(parts: {
  namespaces: readonly string[];
  header?: string;
  body: string;
}): string {
  const header = parts.header === undefined ? '' : `<SOAP-ENV:Header>${parts.header}</SOAP-ENV:Header>`;
  const attributes = [soap, ...parts.namespaces].join(' ');
  return `${declaration}<SOAP-ENV:Envelope ${attributes}>${header}<SOAP-ENV:Body>${parts.body}</SOAP-ENV:Body></SOAP-ENV:Envelope>\n`;
}

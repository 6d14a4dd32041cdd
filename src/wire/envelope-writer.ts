import { MKTOWS_NAMESPACE } from '../contract/operations.ts';
import { SOAP_NAMESPACE, XSI_NAMESPACE } from './namespaces.ts';

const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n';
const soap = `xmlns:SOAP-ENV="${SOAP_NAMESPACE}"`;

/** The declaration of the API's namespace. */
export const ns1 = `xmlns:ns1="${MKTOWS_NAMESPACE}"`;
/** The declaration of the namespace of `xsi:nil` and `xsi:type`. */
export const xsi = `xmlns:xsi="${XSI_NAMESPACE}"`;

/**
 * Returns an envelope with the prefixes of the published answers (docs/wire.md#2-answers). `namespaces` are further
 * declarations on Envelope; `header` and `body` are the written content. Without `header` there is no Header element.
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

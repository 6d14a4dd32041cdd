import { MKTOWS_NAMESPACE } from '../contract/operations.ts';

/** The envelope of SOAP 1.1. */
export const SOAP_NAMESPACE = 'http://schemas.xmlsoap.org/soap/envelope/';
/** SOAP encoding of SOAP 1.1, section 5: `Array`, `arrayType`. */
export const ENCODING_NAMESPACE = 'http://schemas.xmlsoap.org/soap/encoding/';
/** The envelope of SOAP 1.2, known only to be refused by name. */
export const SOAP12_NAMESPACE = 'http://www.w3.org/2003/05/soap-envelope';
/** `xsi:nil` and `xsi:type`. */
export const XSI_NAMESPACE = 'http://www.w3.org/2001/XMLSchema-instance';
export const XSD_NAMESPACE = 'http://www.w3.org/2001/XMLSchema';

/**
 * Returns whether elements of the namespace are the API's: clients send them in its namespace or in none
 * (docs/wire.md#names-and-order).
 */
export function isOurs(namespace: string): boolean {
  return namespace === '' || namespace === MKTOWS_NAMESPACE;
}

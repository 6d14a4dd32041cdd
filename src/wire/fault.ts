import { faults, type SoapFault } from '../contract/faults.ts';
import { ns1, writeEnvelope } from './envelope-writer.ts';
import { escapeText } from './xml-text.ts';

/** Returns the SOAP fault code: the form's own if SOAP 1.1 has one (4.4.1), else Client or Server. */
function faultcodeOf({ code, form }: SoapFault): string {
  return form === 'VersionMismatch' || form === 'MustUnderstand' ? form : faults[code].blame;
}

/**
 * Returns the XML text of a fault, as published (docs/wire.md#faults). It always has a detail, because clients read it
 * without checking; the original left it out for malformed XML.
 */
export function encodeFault(fault: SoapFault): string {
  const { code, form, message } = fault;
  const faultstring = form === 'malformed' ? 'Bad Request' : `${code} - ${faults[code].short}`;
  return writeEnvelope({
    namespaces: [],
    body:
      `<SOAP-ENV:Fault><faultcode>SOAP-ENV:${faultcodeOf(fault)}</faultcode>` +
      `<faultstring>${escapeText(faultstring)}</faultstring>` +
      `<detail><ns1:serviceException ${ns1}><name>mktServiceException</name>` +
      `<message>${escapeText(`${message} (${code})`)}</message><code>${code}</code>` +
      '</ns1:serviceException></detail></SOAP-ENV:Fault>',
  });
}

import { SoapFault } from '../../src/contract/faults.ts';
import type { Received } from '../../src/contract/messages.ts';
import type { OperationName, RequestTypeOf } from '../../src/contract/operations.ts';
import { createCallDecoder, type DecodedCall } from '../../src/wire/call-decoder.ts';
import { defaultCaps, type WireCaps } from '../../src/wire/caps.ts';

export interface DecodeOptions {
  readonly contentType?: string | undefined;
  readonly caps?: Partial<WireCaps>;
}

/** Decodes a request given as one piece, as text (in UTF-8) or bytes. */
export function decode(request: string | Uint8Array, options: DecodeOptions = {}): DecodedCall {
  const decoder = createCallDecoder({
    contentType: options.contentType,
    caps: { ...defaultCaps, ...options.caps },
  });
  decoder.write(typeof request === 'string' ? Buffer.from(request) : request);
  return decoder.end();
}

/** The parameters of a request that is one of that operation. */
export function paramsOf<Name extends OperationName>(
  operation: Name,
  call: DecodedCall,
): Received<RequestTypeOf<Name>> {
  if (call.operation !== operation) throw new Error(`${call.requestElement} instead of ${operation}`);
  return call.params as Received<RequestTypeOf<Name>>;
}

/** The fault that a piece of work ends with; anything else is an error. */
export function faultOf(work: () => unknown): SoapFault {
  try {
    work();
  } catch (error) {
    if (error instanceof SoapFault) return error;
    throw error;
  }
  throw new Error('No fault was thrown');
}

export const soap = 'xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"';
export const mkt = 'xmlns:m="http://www.marketo.com/mktows/"';
export const xsi = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"';
export const xsd = 'xmlns:xsd="http://www.w3.org/2001/XMLSchema"';

/** An envelope around what Body and Header hold. */
export function envelope(body: string, header = ''): string {
  return `<S:Envelope ${soap} ${mkt} ${xsi} ${xsd}>${header}<S:Body>${body}</S:Body></S:Envelope>`;
}

/** A syncMObjects request with these elements inside its request element. */
export const syncWith = (content: string) =>
  envelope(`<m:paramsSyncMObjects>${content}</m:paramsSyncMObjects>`);

/** A syncMObjects request with one mObject of these elements. */
export const mObjectWith = (content: string) =>
  syncWith(`<mObjectList><mObject>${content}</mObject></mObjectList>`);

/** The only mObject of a syncMObjects request that has these elements inside its mObject. */
export function decodeMObject(content: string, options?: DecodeOptions) {
  const call = decode(mObjectWith(content), options);
  const mObject = paramsOf('syncMObjects', call).mObjectList?.mObject[0];
  if (mObject === undefined) throw new Error('There is no mObject');
  return { mObject, unreadable: call.unreadable.get(mObject) ?? [] };
}

/** The value that an attribute of the only mObject has, sent as this whole `value` element. */
export function decodeValue(valueElement: string, options?: DecodeOptions): string | undefined {
  const { mObject } = decodeMObject(
    `<attribList><attrib><name>Name</name>${valueElement}</attrib></attribList>`,
    options,
  );
  return mObject.attribList?.attrib[0]?.value;
}

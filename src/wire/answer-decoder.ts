import { one, optional, sequence } from '../contract/declarations.ts';
import { SoapFault } from '../contract/faults.ts';
import type { Received } from '../contract/messages.ts';
import { type AnswerTypeOf, answerElement, answerType, type OperationName } from '../contract/operations.ts';
import { defaultCaps } from './caps.ts';
import { compiledType, createCompiler } from './compiled-type.ts';
import { createEnvelopeDecoder } from './envelope-decoder.ts';
import { isOurs, SOAP_NAMESPACE } from './namespaces.ts';

/** An answer of the server: the operation's message, or a fault. */
export type DecodedAnswer<Name extends OperationName> =
  | { kind: 'answer'; answer: Received<AnswerTypeOf<Name>> }
  | { kind: 'fault'; faultcode: string; faultstring: string; code: number | undefined; message: string };

interface ReceivedFault {
  faultcode?: string;
  faultstring?: string;
  detail?: { serviceException?: { message?: string; code?: number } };
}

const faultType = createCompiler({
  Fault: sequence(one('faultcode', 'string'), one('faultstring', 'string'), optional('detail', 'Detail')),
  Detail: sequence(optional('serviceException', 'ServiceException')),
  ServiceException: sequence(one('name', 'string'), one('message', 'string'), one('code', 'int')),
})('Fault');

function decodedFault(fault: ReceivedFault) {
  const { faultcode = '', faultstring = '', detail } = fault;
  const inText = /^([0-9]{5})\b/.exec(faultstring)?.[1];
  return {
    kind: 'fault' as const,
    faultcode: faultcode.trim(),
    faultstring,
    code: detail?.serviceException?.code ?? (inText === undefined ? undefined : Number(inText)),
    message: detail?.serviceException?.message ?? faultstring,
  };
}

/**
 * Decodes the answer to an operation, or the fault that came instead. Without a detail the code is taken from the
 * faultstring, which begins with it (docs/wire.md#faults). Throws `SoapFault` 20012 for bytes that are neither.
 */
export function decodeAnswer<Name extends OperationName>(
  operation: Name,
  bytes: Uint8Array,
  contentType?: string,
): DecodedAnswer<Name> {
  const expected = answerElement(operation);
  const decoder = createEnvelopeDecoder(contentType, defaultCaps, {
    header: () => 'ignored',
    body(local, uri) {
      if (local === 'Fault' && uri === SOAP_NAMESPACE) return faultType;
      return local === expected && isOurs(uri) ? compiledType(answerType(operation)) : undefined;
    },
  });
  decoder.write(bytes);
  const { body } = decoder.end();
  if (body.message === undefined) {
    throw new SoapFault(20012, `The answer is "${body.local}"; ${expected} or a Fault was expected`);
  }
  if (body.local === 'Fault') return decodedFault(body.message as ReceivedFault);
  return { kind: 'answer', answer: body.message as Received<AnswerTypeOf<Name>> };
}

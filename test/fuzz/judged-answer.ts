import { gunzipSync } from 'node:zlib';
import { faultCodes, faults } from '../../src/contract/faults.ts';
import type { Message } from '../../src/contract/messages.ts';
import { type AnswerTypeOf, answerElement, type OperationName } from '../../src/contract/operations.ts';
import { operationTable } from '../../src/operations/table.ts';
import { encodeAnswer } from '../../src/wire/answer.ts';
import { type DecodedAnswer, decodeAnswer } from '../../src/wire/answer-decoder.ts';

/** What came back. */
export interface HttpAnswer {
  readonly status: number;
  readonly contentType: string | undefined;
  readonly contentEncoding: string | undefined;
  readonly body: Buffer;
}

/** An answer that is as it must be. */
export interface Judged {
  /** "syncMObjects", or "fault 20012". */
  readonly outcome: string;
  /** The status of each row of the answer. */
  readonly statuses: readonly string[];
  readonly newStreamPosition: string | undefined;
}

const carriedOut = Object.keys(operationTable) as OperationName[];
const operationByAnswer = new Map(carriedOut.map((name) => [answerElement(name), name]));

/**
 * Reads an answer strictly: a success is one of ours to the byte, a fault stands in the table and has its status.
 * 20011 is no fault that a message may lead to. Throws an `Error` that says what is wrong.
 */
export function judged(answer: HttpAnswer): Judged {
  const { status, contentType, contentEncoding, body } = answer;
  if (contentType !== 'text/xml; charset=utf-8') throw new Error(`content type ${contentType}`);
  const bytes = contentEncoding === 'gzip' ? gunzipSync(body) : body;
  const text = bytes.toString('utf8');
  const element = /<SOAP-ENV:Body><[\w-]+:(\w+)/.exec(text)?.[1] ?? '';
  const operation = operationByAnswer.get(element);
  const decoded = decodeAnswer(operation ?? 'listMObjects', bytes);
  if (decoded.kind === 'fault')
    return { outcome: faultOutcome(decoded, status), statuses: [], newStreamPosition: undefined };
  if (operation === undefined) throw new Error(`answer element ${element}`);
  if (status !== 200) throw new Error(`an answer with status ${status}`);
  if (encodeAnswer(operation, decoded.answer as Message<AnswerTypeOf<typeof operation>>) !== text) {
    throw new Error('the answer is not what the contract makes of it');
  }
  const { result } = decoded.answer as {
    result?: { newStreamPosition?: string; mObjStatusList?: { mObjStatus: { status: string }[] } };
  };
  return {
    outcome: operation,
    statuses: result?.mObjStatusList?.mObjStatus.map((row) => row.status) ?? [],
    newStreamPosition: result?.newStreamPosition,
  };
}

function faultOutcome(
  fault: Extract<DecodedAnswer<OperationName>, { kind: 'fault' }>,
  status: number,
): string {
  const { faultcode, faultstring, message } = fault;
  const code = faultCodes.find((known) => known === fault.code);
  if (code === undefined || code === 20011) throw new Error(`fault ${fault.code}: ${message}`);
  if (status !== 500) throw new Error(`fault ${code} with status ${status}`);
  const { blame, short } = faults[code];
  const forms = code === 20012 ? [blame, 'VersionMismatch', 'MustUnderstand'] : [blame];
  if (!forms.some((form) => faultcode === `SOAP-ENV:${form}`)) throw new Error(`${code} is ${faultcode}`);
  if (faultstring !== `${code} - ${short}` && !(code === 20012 && faultstring === 'Bad Request')) {
    throw new Error(`${code} has the faultstring ${faultstring}`);
  }
  if (!message.endsWith(`(${code})`)) throw new Error(`${code} has the message ${message}`);
  return `fault ${code}`;
}

import { gunzipSync } from 'node:zlib';
import { faultCodes, faults } from '../../src/contract/faults.ts';
import type { Message } from '../../src/contract/messages.ts';
import {
  type AnswerTypeOf,
  answerElement,
  type OperationName,
  requestType,
} from '../../src/contract/operations.ts';
import { operationTable } from '../../src/operations/table.ts';
import { encodeAnswer } from '../../src/wire/answer.ts';
import { type DecodedAnswer, decodeAnswer } from '../../src/wire/answer-decoder.ts';
import { type Claims, claimsOf, noClaims } from './claims.ts';

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
  readonly claims: Claims;
  /** The position that the answer hands out, and the type of the requests that take it. */
  readonly position: { readonly requestType: string; readonly text: string } | undefined;
}

const carriedOut = Object.keys(operationTable) as OperationName[];
const operationByAnswer = new Map(carriedOut.map((name) => [answerElement(name), name]));

/**
 * Reads an answer strictly: a success is one of ours to the byte, a fault stands in the table and has its status.
 * 20011 is no fault that a message may lead to. Throws an `Error` that says what is wrong.
 */
export function judged({ status, contentType, contentEncoding, body }: HttpAnswer): Judged {
  if (contentType !== 'text/xml; charset=utf-8') throw new Error(`content type ${contentType}`);
  const bytes = contentEncoding === 'gzip' ? gunzipSync(body) : body;
  const sent = bytes.toString('utf8');
  const element = /<SOAP-ENV:Body><[\w-]+:(\w+)/.exec(sent)?.[1] ?? '';
  const operation = operationByAnswer.get(element);
  const decoded = decodeAnswer(operation ?? 'listMObjects', bytes);
  if (decoded.kind === 'fault')
    return { outcome: faultOutcome(decoded, status), claims: noClaims, position: undefined };
  if (operation === undefined) throw new Error(`answer element ${element}`);
  if (status !== 200) throw new Error(`an answer with status ${status}`);
  const answer = decoded.answer as Message<AnswerTypeOf<typeof operation>>;
  if (encodeAnswer(operation, answer) !== sent) {
    throw new Error('the answer is not what the contract makes of it');
  }
  const text = positionOf(answer);
  return {
    outcome: operation,
    claims: claimsOf(operation, answer),
    position: text ? { requestType: requestType(operation), text } : undefined,
  };
}

/** The position in an answer of any operation with pages. */
function positionOf(answer: object): string | null | undefined {
  const { result, leadActivityList } = answer as Record<'result' | 'leadActivityList', Paged | undefined>;
  const page = result ?? leadActivityList;
  return page?.newStreamPosition ?? page?.newStartPosition?.offset;
}

interface Paged {
  readonly newStreamPosition?: string;
  readonly newStartPosition?: Message<'StreamPosition'>;
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

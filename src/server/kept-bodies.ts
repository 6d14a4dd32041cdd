import { promisify } from 'node:util';
import { deflateRaw, inflateRawSync } from 'node:zlib';
import type { CallBodies, CallBody } from '../store/store.ts';
import { inflateBeginning } from '../wire/content-coding.ts';
import { createTextDecoding } from '../wire/text-decoding.ts';
import type { IncomingCall } from './call.ts';
import type { CallTrace } from './call-trace.ts';
import type { Logger } from './log.ts';
import { withoutSignature } from './without-signature.ts';

/** The requests and answers that are kept: none, those of calls with a fault or a FAILED row, or all. */
export type BodiesToKeep = 'off' | 'failed' | 'all';

export interface BodySettings {
  /** May be changed while the server runs. */
  which: BodiesToKeep;
  /** The most bytes that they take in the database, about. */
  readonly maxBytes: number;
}

/** Keeps requests and answers for the admin API, without delaying calls. */
export interface KeptBodies {
  keep(trace: CallTrace, call: IncomingCall, answer: string): void;
  /** Resolves when all that were kept so far are written. */
  settled(): Promise<void>;
}

/** The most bytes of a request or an answer that are kept. */
const MOST_BYTES = 256 * 1024;
/** The most bytes that wait to be written; what comes then is not kept. */
const MOST_WAITING = 32 * 1024 * 1024;
/** Shorter texts gain nothing. */
const WORTH_PACKING = 200;

const deflate = promisify(deflateRaw);

export interface KeptBodiesParts {
  readonly bodies: CallBodies;
  readonly settings: BodySettings;
  readonly logger: Logger;
  readonly now: () => Date;
}

export function createKeptBodies({ bodies, settings, logger, now }: KeptBodiesParts): KeptBodies {
  let waiting = 0;
  let sinceShrunk = 0;
  let work: Promise<void> = Promise.resolve();

  async function write(
    { callId, header }: Pick<CallTrace, 'callId' | 'header'>,
    at: string,
    call: IncomingCall,
    answer: string,
  ): Promise<void> {
    const request = await packed(await requestText(call, header?.requestSignature));
    const answered = await packed(cutText(answer, MOST_BYTES));
    await bodies.add({ callId, at, request, answer: answered });
    sinceShrunk += request.length + answered.length;
    // Not after each one: the oldest are found by a walk over all.
    if (sinceShrunk < settings.maxBytes / 20) return;
    sinceShrunk = 0;
    await bodies.shrink(settings.maxBytes);
  }

  return {
    keep({ callId, header, rows, fault }, call, answer) {
      const { which } = settings;
      if (which === 'off' || (which === 'failed' && fault === undefined && !rows.has('FAILED'))) return;
      const size = Math.min(call.body.length, MOST_BYTES) + Math.min(answer.length, MOST_BYTES);
      if (waiting + size > MOST_WAITING) return;
      waiting += size;
      const at = now().toISOString();
      // Not the whole body, and not in a buffer that HTTP uses again.
      const body = Uint8Array.from(call.body.subarray(0, MOST_BYTES + 1));
      const cut = answer.length > MOST_BYTES ? cutText(answer, MOST_BYTES) : answer;
      work = work
        .then(() => write({ callId, header }, at, { ...call, body }, cut))
        .catch((error: unknown) =>
          logger.warn({ err: error, call: callId }, 'request and answer could not be kept'),
        )
        .finally(() => {
          waiting -= size;
        });
    },
    settled: () => work,
  };
}

/** Returns a request as text, without its signature and the rest of a long one. */
async function requestText(
  { body, contentType, contentEncoding }: IncomingCall,
  signature: string | null | undefined,
): Promise<string> {
  const isWhole = body.length <= MOST_BYTES;
  const sent = { bytes: isWhole ? body : body.subarray(0, MOST_BYTES), isWhole };
  const plain = await inflateBeginning(sent, contentEncoding, MOST_BYTES).catch(() => undefined);
  if (plain === undefined) return '(a body that could not be unpacked)';
  const text = withoutSignature(decoded(plain.bytes, contentType), signature);
  return plain.isWhole ? text : `${text}${cutMark}`;
}

function decoded(bytes: Uint8Array, contentType: string | undefined): string {
  let text = '';
  try {
    createTextDecoding(contentType, {
      text(piece) {
        text += piece;
      },
      invalid(what) {
        throw new TypeError(what);
      },
    }).write(bytes);
    return text;
  } catch {
    return Buffer.from(bytes).toString('utf8');
  }
}

const cutMark = '\n… (the rest was not kept)';

function cutText(text: string, most: number): string {
  if (text.length <= most || text.endsWith(cutMark)) return text;
  return `${text.slice(0, most).toWellFormed()}${cutMark}`;
}

const PLAIN = 0;
const PACKED = 1;

/** Returns a text as bytes: how it is packed, and the UTF-8. */
async function packed(text: string): Promise<Uint8Array> {
  const bytes = Buffer.from(text, 'utf8');
  if (bytes.length >= WORTH_PACKING) {
    const smaller = await deflate(bytes);
    if (smaller.length < bytes.length) return Buffer.concat([Buffer.of(PACKED), smaller]);
  }
  return Buffer.concat([Buffer.of(PLAIN), bytes]);
}

function unpacked(bytes: Uint8Array): string {
  const content = bytes.subarray(1);
  return Buffer.from(bytes[0] === PACKED ? inflateRawSync(content) : content).toString('utf8');
}

/** Returns request and answer as texts. */
export const bodyTexts = ({ request, answer }: CallBody) => ({
  request: unpacked(request),
  answer: unpacked(answer),
});

import { promisify } from 'node:util';
import {
  constants,
  createGunzip,
  createInflate,
  createInflateRaw,
  gunzip,
  type InputType,
  inflate,
  inflateRaw,
  type ZlibOptions,
} from 'node:zlib';
import { SoapFault } from '../contract/faults.ts';

interface Coding {
  /** Rejects when there are more than `maxOutputLength` bytes. */
  all(bytes: InputType, options: ZlibOptions): Promise<Uint8Array>;
  stream(options: ZlibOptions): NodeJS.ReadWriteStream;
}

const gzip: Coding = { all: promisify(gunzip), stream: createGunzip };
const zlib: Coding = { all: promisify(inflate), stream: createInflate };
const bareDeflate: Coding = { all: promisify(inflateRaw), stream: createInflateRaw };

/** Max number of stacked codings. No client uses more, and each costs a pass over the body. */
const mostCodings = 3;
/** Deflate's maximum ratio of output to input bytes (zlib's technical details). */
const MOST_PACKED = 1032;

const isOverCap = (error: unknown) => (error as { code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE';

/**
 * Returns the coding of this name. "deflate" is zlib's format (RFC 9110, 8.4.1.2), but some clients send it without zlib's
 * header and checksum; the first byte of that header names the method, and no encoder begins a bare block with it.
 */
function codingFor(name: string, bytes: Uint8Array): Coding {
  if (name === 'gzip' || name === 'x-gzip') return gzip;
  if (name === 'deflate')
    return bytes.length === 0 || ((bytes[0] as number) & 0x0f) === 8 ? zlib : bareDeflate;
  throw new SoapFault(20012, `The Content-Encoding "${name}" is not known; send gzip, deflate or none`);
}

/** Returns the codings of a Content-Encoding, the last applied first. Throws `SoapFault` 20012 for an unknown one. */
function codingsIn(contentEncoding: string | undefined): string[] {
  const names = (contentEncoding ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '' && name !== 'identity');
  if (names.length > mostCodings) {
    throw new SoapFault(20012, `The Content-Encoding lists more than ${mostCodings} codings`);
  }
  return names.reverse();
}

const overCap = (maxBytes: number, cause?: unknown) =>
  new SoapFault(20012, `The message is longer than ${maxBytes} bytes`, { cause });

const broken = (name: string, cause: unknown) =>
  new SoapFault(20012, `The body is not valid ${name}, as its Content-Encoding says`, { cause });

/** Returns the max length in bytes of a body of this length after removing its codings. */
export const mostInflated = (length: number, contentEncoding: string | undefined): number =>
  length * MOST_PACKED ** codingsIn(contentEncoding).length;

/**
 * Removes a body's Content-Encoding: gzip, x-gzip, deflate (with or without zlib's header), identity, and stacks
 * of them. Rejects with `SoapFault` 20012 when the result, or a step on the way, would be longer than `maxBytes`
 * (no more than that is ever held), when the bytes are broken, or when a coding is unknown.
 */
export async function inflateBody(
  bytes: Uint8Array,
  contentEncoding: string | undefined,
  maxBytes: number,
): Promise<Uint8Array> {
  if (bytes.length > maxBytes) throw overCap(maxBytes);
  let body = bytes;
  for (const name of codingsIn(contentEncoding)) {
    const coding = codingFor(name, body);
    try {
      body = await coding.all(body, { maxOutputLength: maxBytes });
    } catch (cause) {
      throw isOverCap(cause) ? overCap(maxBytes, cause) : broken(name, cause);
    }
  }
  return body;
}

/** The first bytes of a body. */
export interface BodyBeginning {
  readonly bytes: Uint8Array;
  /** These are all bytes of the body. */
  readonly isWhole: boolean;
}

/**
 * Removes the Content-Encoding of the beginning of a body. No step reads or writes more than `most` bytes, so that the
 * work is bounded. Rejects as `inflateBody` does, for errors that the beginning shows.
 */
export async function inflateBeginning(
  body: BodyBeginning,
  contentEncoding: string | undefined,
  most: number,
): Promise<BodyBeginning> {
  let beginning = cut(body, most);
  for (const name of codingsIn(contentEncoding)) {
    try {
      beginning = await inflatedBeginning(codingFor(name, beginning.bytes), beginning, most);
    } catch (cause) {
      throw cause instanceof SoapFault ? cause : broken(name, cause);
    }
  }
  return beginning;
}

async function inflatedBeginning(coding: Coding, body: BodyBeginning, most: number): Promise<BodyBeginning> {
  const { Z_FINISH, Z_SYNC_FLUSH } = constants;
  // A beginning may end anywhere; a whole body must be complete.
  const stream = coding.stream({ finishFlush: body.isWhole ? Z_FINISH : Z_SYNC_FLUSH });
  stream.end(body.bytes);
  const pieces: Buffer[] = [];
  let length = 0;
  let { isWhole } = body;
  for await (const piece of stream as AsyncIterable<Buffer>) {
    pieces.push(piece);
    length += piece.length;
    if (length > most) {
      isWhole = false;
      break;
    }
  }
  return cut({ bytes: pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces), isWhole }, most);
}

const cut = ({ bytes, isWhole }: BodyBeginning, most: number): BodyBeginning =>
  bytes.length <= most ? { bytes, isWhole } : { bytes: bytes.subarray(0, most), isWhole: false };

/** Returns whether an Accept-Encoding lists gzip, and not with q=0. `*` does not count (docs/wire.md#http). */
export function acceptsGzip(acceptEncoding: string | undefined): boolean {
  return (acceptEncoding ?? '').split(',').some((entry) => {
    const [name = '', ...parameters] = entry.split(';').map((part) => part.trim().toLowerCase());
    const refused = parameters.some((parameter) => /^q\s*=\s*0(?:\.0*)?$/.test(parameter));
    return (name === 'gzip' || name === 'x-gzip') && !refused;
  });
}

import { promisify } from 'node:util';
import { gunzip, type InputType, inflate, inflateRaw, type ZlibOptions } from 'node:zlib';
import { SoapFault } from '../contract/faults.ts';

type Inflate = (bytes: InputType, options: ZlibOptions) => Promise<Uint8Array>;

const gunzipAll: Inflate = promisify(gunzip);
const inflateZlib: Inflate = promisify(inflate);
const inflateBare: Inflate = promisify(inflateRaw);

/** Nobody stacks more codings than this; each one is a body's worth of work. */
const mostCodings = 3;

const isOverCap = (error: unknown) => (error as { code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE';

/** "deflate" is zlib's format (RFC 9110, 8.4.1.2), but some clients send it without zlib's header and checksum. */
async function inflateEither(bytes: InputType, options: ZlibOptions): Promise<Uint8Array> {
  try {
    return await inflateZlib(bytes, options);
  } catch (error) {
    if (isOverCap(error)) throw error;
    return inflateBare(bytes, options);
  }
}

const codings: ReadonlyMap<string, Inflate> = new Map([
  ['gzip', gunzipAll],
  ['x-gzip', gunzipAll],
  ['deflate', inflateEither],
]);

function overCap(maxBytes: number, cause?: unknown): SoapFault {
  return new SoapFault(20012, `The message is longer than ${maxBytes} bytes`, { cause });
}

/**
 * A body without its Content-Encoding: gzip, x-gzip, deflate (with or without zlib's header), identity, and stacks
 * of them. Rejects with `SoapFault` 20012 when the result, or a step on the way, would be longer than `maxBytes`
 * (no more than that is ever held), when the bytes are broken, or when a coding is unknown.
 */
export async function inflateBody(
  bytes: Uint8Array,
  contentEncoding: string | undefined,
  maxBytes: number,
): Promise<Uint8Array> {
  const names = (contentEncoding ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '' && name !== 'identity');
  if (bytes.length > maxBytes) throw overCap(maxBytes);
  if (names.length > mostCodings) {
    throw new SoapFault(20012, `The Content-Encoding lists more than ${mostCodings} codings`);
  }

  let body = bytes;
  for (const name of names.reverse()) {
    const decode = codings.get(name);
    if (decode === undefined) {
      throw new SoapFault(20012, `The Content-Encoding "${name}" is not known; send gzip, deflate or none`);
    }
    try {
      body = await decode(body, { maxOutputLength: maxBytes });
    } catch (cause) {
      if (isOverCap(cause)) throw overCap(maxBytes, cause);
      throw new SoapFault(20012, `The body is not valid ${name}, as its Content-Encoding says`, { cause });
    }
  }
  return body;
}

/** Whether an Accept-Encoding lists gzip by name, and not with q=0. `*` does not count (docs/wire.md#http). */
export function acceptsGzip(acceptEncoding: string | undefined): boolean {
  return (acceptEncoding ?? '').split(',').some((entry) => {
    const [name = '', ...parameters] = entry.split(';').map((part) => part.trim().toLowerCase());
    const refused = parameters.some((parameter) => /^q\s*=\s*0(?:\.0*)?$/.test(parameter));
    return (name === 'gzip' || name === 'x-gzip') && !refused;
  });
}

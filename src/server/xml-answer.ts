import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { acceptsGzip } from '../wire/content-coding.ts';

export const XML_TYPE = 'text/xml; charset=utf-8';

/** Names the call's id in log and journal, so that a client can say which call it means. */
export const CALL_ID_HEADER = 'mktows-call-id';

/** The minimum size for compression, in bytes. */
const SMALLEST_GZIP = 1024;

const compress = promisify(gzip);

/** Larger answers are sent as bytes, since Node keeps two copies of a text until the client has read it. */
const LARGEST_TEXT = 64 * 1024;

/**
 * Sends an XML text, compressed if it is large and the client accepts it. `held` is called with the number of bytes
 * kept until the client has read them.
 */
export async function sendXml(
  request: IncomingMessage,
  response: ServerResponse,
  status: 200 | 500,
  text: string,
  callId: string,
  held: (length: number) => void,
): Promise<void> {
  const headers: OutgoingHttpHeaders = {
    'content-type': XML_TYPE,
    vary: 'Accept-Encoding',
    [CALL_ID_HEADER]: callId,
  };
  const length = Buffer.byteLength(text);
  if (length > SMALLEST_GZIP && acceptsGzip(request.headers['accept-encoding'])) {
    const packed = await compress(text);
    headers['content-encoding'] = 'gzip';
    held(packed.length);
    headers['content-length'] = packed.length;
    response.writeHead(status, headers).end(packed);
    return;
  }
  headers['content-length'] = length;
  if (length > LARGEST_TEXT) {
    held(length);
    response.writeHead(status, headers).end(Buffer.from(text));
    return;
  }
  // A text is sent in one packet with the headers.
  response.writeHead(status, headers).end(text, length === text.length ? 'latin1' : 'utf8');
}

import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { acceptsGzip } from '../wire/content-coding.ts';

export const XML_TYPE = 'text/xml; charset=utf-8';

/** Smaller answers are not worth compressing, in bytes. */
const SMALLEST_GZIP = 1024;

const compress = promisify(gzip);

/** Sends an XML text, compressed if it is large and the client takes it so. */
export async function sendXml(
  request: FastifyRequest,
  reply: FastifyReply,
  status: number,
  text: string,
): Promise<FastifyReply> {
  let bytes = Buffer.from(text, 'utf8');
  reply.code(status).header('content-type', XML_TYPE).header('vary', 'Accept-Encoding');
  if (bytes.length > SMALLEST_GZIP && acceptsGzip(request.headers['accept-encoding'])) {
    bytes = await compress(bytes);
    reply.header('content-encoding', 'gzip');
  }
  return reply.send(bytes);
}

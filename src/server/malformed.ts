import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { SoapFault } from '../contract/faults.ts';
import { encodeFault } from '../wire/fault.ts';
import type { Connections } from './connections.ts';
import type { Logger } from './log.ts';
import { XML_TYPE } from './xml-reply.ts';

/**
 * Answers what is no HTTP, and what took too long, with a SOAP fault 20012 and ends the connection: after the
 * answers that it still waits for, so that no such answer is taken for this one.
 */
export async function answerMalformed(
  error: Error & { code?: string },
  socket: Socket,
  connections: Connections,
  logger: Logger,
): Promise<void> {
  logger.info({ address: socket.remoteAddress, reason: error.message, code: error.code }, 'not HTTP');
  if (error.code !== 'ECONNRESET') await connections.whenAnswered(socket);
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, message] = reading(error.code);
  const body = encodeFault(new SoapFault(20012, message));
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Connection: close',
    `Content-Type: ${XML_TYPE}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroySoon());
}

function reading(code: string | undefined): [status: number, message: string] {
  switch (code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return [408, 'The request did not arrive in time'];
    case 'HPE_HEADER_OVERFLOW':
      return [431, 'The HTTP headers are too large'];
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return [413, 'The chunk extensions are too large'];
    default:
      return [400, 'This is not HTTP'];
  }
}

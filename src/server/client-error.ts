import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { SoapFault } from '../contract/faults.ts';
import { encodeFault } from '../wire/fault.ts';
import type { Connections } from './connections.ts';
import type { HttpCaps } from './http-caps.ts';
import type { Logger } from './log.ts';
import type { RefusalCap } from './metrics.ts';
import { XML_TYPE } from './xml-answer.ts';

export interface MalformedParts {
  readonly connections: Connections;
  readonly caps: HttpCaps;
  readonly refused: (cap: RefusalCap) => void;
  readonly logger: Logger;
}

/**
 * Answers malformed HTTP and timeouts with SOAP fault 20012 and closes the connection. Waits for pending answers
 * first, so that clients do not take the fault for one of them.
 */
export async function answerMalformed(
  error: Error & { code?: string },
  socket: Socket,
  { connections, caps, refused, logger }: MalformedParts,
): Promise<void> {
  const { status, message, cap } = reading(error.code, connections.isReceiving(socket), caps);
  logger.info({ address: socket.remoteAddress, reason: error.message, code: error.code }, 'not HTTP');
  if (cap) refused(cap);
  // A failed TLS handshake: no HTTP answer can be sent.
  if (/^ERR_(SSL|TLS)_/.test(error.code ?? '')) {
    socket.destroy();
    return;
  }
  if (error.code !== 'ECONNRESET') await connections.whenAnswered(socket);
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const body = encodeFault(new SoapFault(20012, message));
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Connection: close',
    `Content-Type: ${XML_TYPE}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroySoon());
}

interface Reading {
  readonly status: number;
  readonly message: string;
  readonly cap?: RefusalCap;
}

function reading(code: string | undefined, receiving: boolean, caps: HttpCaps): Reading {
  switch (code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return receiving
        ? late('body', caps.bodyTime, 'body-timeout')
        : late('headers', caps.headerTime, 'header-timeout');
    case 'HPE_HEADER_OVERFLOW':
      return {
        status: 431,
        message: `The HTTP headers are larger than ${caps.maxHeaderBytes} bytes, the most that is read (--max-headers)`,
        cap: 'headers',
      };
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return { status: 413, message: 'The chunk extensions are too large' };
    default:
      return { status: 400, message: 'This is not HTTP' };
  }
}

function late(part: string, time: number, cap: RefusalCap): Reading {
  return {
    status: 408,
    message: `The ${part} of the request did not arrive within ${time / 1000} s (--${cap})`,
    cap,
  };
}

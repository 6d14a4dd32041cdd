import type { IncomingMessage } from 'node:http';
import { serverTimes } from './http-caps.ts';

/**
 * Keeps a connection open for `serverTimes.linger` after an answer that is sent before the request's body is complete.
 * If it closed at once with bytes unread, the kernel would reset it, and a client that is still sending would lose the
 * answer. Closes at once when the body is complete. Call it before the answer ends; the answer must be the last.
 */
export function closeLingering(request: IncomingMessage): void {
  const { socket } = request;
  let isAnswered = false;
  // Node calls it when the last answer is written.
  socket.destroySoon = () => {
    if (isAnswered) return;
    isAnswered = true;
    socket.end();
    const timer = setTimeout(() => socket.destroy(), serverTimes.linger);
    socket.once('close', () => clearTimeout(timer));
  };
  request.once('end', () => {
    Reflect.deleteProperty(socket, 'destroySoon');
    if (isAnswered) socket.destroySoon();
  });
}

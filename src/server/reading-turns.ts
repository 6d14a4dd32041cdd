import type { Socket } from 'node:net';

/** Pauses connections so that others are read in between. */
export interface ReadingTurns {
  /** Pauses reading from a connection until its turn. One connection is resumed per turn of the event loop. */
  wait(socket: Socket): void;
  /** Reads nothing more from a connection. */
  stop(socket: Socket): void;
}

export function createReadingTurns(): ReadingTurns {
  const waiting = new Set<Socket>();
  const watched = new WeakSet<Socket>();
  const stopped = new WeakSet<Socket>();
  let isScheduled = false;

  function schedule(): void {
    if (isScheduled || waiting.size === 0) return;
    isScheduled = true;
    setImmediate(() => {
      isScheduled = false;
      const [next] = waiting;
      if (next !== undefined) {
        waiting.delete(next);
        next.resume();
      }
      schedule();
    });
  }

  function watch(socket: Socket): void {
    if (watched.has(socket)) return;
    watched.add(socket);
    // Node resumes the socket whenever it wants more of the body.
    socket.on('resume', () => {
      if (waiting.has(socket) || stopped.has(socket)) socket.pause();
    });
    socket.on('close', () => waiting.delete(socket));
  }

  return {
    wait(socket) {
      if (waiting.has(socket) || stopped.has(socket) || socket.destroyed) return;
      watch(socket);
      waiting.add(socket);
      socket.pause();
      schedule();
    },
    stop(socket) {
      if (socket.destroyed) return;
      watch(socket);
      waiting.delete(socket);
      stopped.add(socket);
      socket.pause();
    },
  };
}

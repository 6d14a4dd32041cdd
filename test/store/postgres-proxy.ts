import { connect, createServer, type Socket } from 'node:net';

/** What becomes of the bytes that come by. */
export type ProxyMode = 'forwards' | 'refuses' | 'swallows';

export type CutTime = 'before' | 'after' | 'never';

/** Stands between a store and PostgreSQL, and fails as a network does. */
export interface PostgresProxy {
  /** The database's URL, through the proxy. */
  readonly url: string;
  /**
   * From now on it `forwards`, or `refuses` connections and ends those that there are, or `swallows` all that comes
   * by and ends nothing.
   */
  be(mode: ProxyMode): void;
  /**
   * Ends the connection on which the next commit comes that has this text in its statements: before the database got
   * it, or after it has answered, with that answer lost. `never`: the answer is lost, and nothing ends.
   */
  cutCommit(text: string, when: CutTime): void;
  /** Whether that commit has come. */
  readonly hasCut: () => boolean;
  close(): Promise<void>;
}

/** Starts a proxy before the server of this URL, on a port of its own. */
export async function startProxy(url: string): Promise<PostgresProxy> {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  let mode: ProxyMode = 'forwards';
  let cut: { readonly text: string; readonly when: CutTime } | undefined;
  let wasCut = false;

  const server = createServer((client) => {
    if (mode === 'refuses') return void client.destroy();
    const database = connect(Number(target.port || 5432), target.hostname);
    const both = [client, database];
    const end = () => {
      for (const socket of both) socket.destroy();
    };
    for (const socket of both) {
      sockets.add(socket);
      socket.on('error', end).on('close', () => {
        sockets.delete(socket);
        end();
      });
    }
    let loses: CutTime = 'before';
    client.on('data', (bytes) => {
      if (mode === 'swallows') return;
      const text = bytes.toString('latin1');
      if (cut !== undefined && text.endsWith('COMMIT\0') && text.includes(cut.text)) {
        wasCut = true;
        loses = cut.when;
        cut = undefined;
        if (loses === 'before') return end();
      }
      database.write(bytes);
    });
    database.on('data', (bytes) => {
      if (mode === 'swallows') return;
      if (loses === 'before') client.write(bytes);
      else if (loses === 'after' && bytes.includes('COMMIT\0')) end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const own = new URL(url);
  own.host = `127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;

  return {
    url: own.href,
    be(next) {
      mode = next;
      if (next === 'refuses') for (const socket of sockets) socket.destroy();
    },
    cutCommit(text, when) {
      cut = { text, when };
      wasCut = false;
    },
    hasCut: () => wasCut,
    close() {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

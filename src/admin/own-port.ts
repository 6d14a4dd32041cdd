import { Server as HttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { type CertificateFiles, followCertificate, readCertificate } from '../server/certificate.ts';
import { answerMalformed } from '../server/client-error.ts';
import { watchConnections } from '../server/connections.ts';
import { hostAndPort } from '../server/endpoint.ts';
import { type HttpCaps, serverTimes } from '../server/http-caps.ts';
import { createHttpServer } from '../server/http-server.ts';
import type { Logger } from '../server/log.ts';
import type { OtherListener, SharedParts } from '../server/server.ts';

export interface OwnPortOptions {
  readonly host: string;
  readonly port: number;
  readonly certificate: CertificateFiles | undefined;
  readonly httpCaps: HttpCaps;
  readonly logger: Logger;
}

/** A port that serves the admin API only. */
export interface OwnPort {
  /** Scheme, host and port. */
  readonly url: string;
  /** Accepts no new connections, and closes the others once they are answered. */
  stop(): Promise<void>;
}

/** Listens on a port of its own. Rejects with Node's error, such as `EADDRINUSE`. */
export async function listenApart(
  listener: Pick<OtherListener, 'handle'>,
  { forwarded, metrics }: Pick<SharedParts, 'forwarded' | 'metrics'>,
  { host, port, certificate, httpCaps, logger }: OwnPortOptions,
): Promise<OwnPort> {
  const server = createHttpServer(httpCaps, certificate && readCertificate(certificate));
  const { refused, connectionEnded: ended } = metrics;
  const connections = watchConnections(server, { ...httpCaps, isProxy: forwarded.isProxy, refused, ended });
  server.on('request', (request, response) =>
    connections.inTurn(request, response, () => listener.handle(request, response)),
  );
  server.on('clientError', (error, socket) => {
    void answerMalformed(error, socket as never, { connections, caps: httpCaps, refused, logger });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: host === 'localhost' ? '127.0.0.1' : host, port }, resolve);
  });
  const endFollowing =
    certificate && server instanceof HttpsServer ? followCertificate(server, certificate, logger) : undefined;
  const bound = server.address() as AddressInfo;
  return {
    url: `${certificate ? 'https' : 'http'}://${hostAndPort(host, bound.port)}`,
    async stop() {
      endFollowing?.();
      const closed = new Promise((resolve) => server.close(resolve));
      connections.drain();
      const cut = setTimeout(() => server.closeAllConnections(), serverTimes.stop);
      await closed;
      clearTimeout(cut);
    },
  };
}

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { signatureMatches } from '../../src/wire/signature.ts';
import { type Row, user } from '../work.ts';
import { createPlainStore, noStore } from './plain-store.ts';
import { announce, databaseFile } from './process.ts';

interface Call {
  readonly userId: string;
  readonly timestamp: string;
  readonly signature: string;
  readonly rows: readonly Row[];
}

// The limit: no XML, no framework, no rules; the same statements.
const file = databaseFile();
const store = file === undefined ? noStore : createPlainStore(file);

const server = createServer(async (request, response) => {
  const call: Call = JSON.parse((await buffer(request)).toString());
  if (!signatureMatches(user.secret, call.userId, call.timestamp, call.signature)) {
    response.writeHead(401).end();
    return;
  }
  const body = Buffer.from(JSON.stringify(store.sync(call.rows)));
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length }).end(body);
});
server.listen(0, '127.0.0.1', () => announce(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`));

import { type Client, createClientAsync, type IOptions } from 'soap';
import { sign } from '../../src/wire/signature.ts';
import type { TestServer } from '../server/test-server.ts';
import { SECRET, USER_ID } from './seeded-server.ts';

/** A client made by node-soap from the server's WSDL, whose calls are signed for an hour. */
export async function createNodeClient(server: TestServer, options: IOptions = {}): Promise<Client> {
  const client = await createClientAsync(`${server.endpoint}?WSDL`, options);
  signAs(client, SECRET);
  return client;
}

/** Signs the calls from now on with this secret. */
export function signAs(client: Client, secret: string): void {
  const requestTimestamp = new Date().toISOString();
  const requestSignature = sign(secret, USER_ID, requestTimestamp);
  client.clearSoapHeaders();
  client.addSoapHeader(
    { AuthenticationHeader: { mktowsUserId: USER_ID, requestSignature, requestTimestamp } },
    '',
    'tns',
    'http://www.marketo.com/mktows/',
  );
}

import { sign } from '../../src/wire/signature.ts';
import { SECRET, USER_ID } from '../clients/seeded-server.ts';
import type { TestServer } from '../server/test-server.ts';
import { type InfosetElement, infoset } from './infoset.ts';

const NAMESPACES =
  'xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/" xmlns:ns1="http://www.marketo.com/mktows/" ' +
  'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"';

/** Posts the content of a Body in an envelope as published requests have it. Resolves to the answer's text. */
export async function post(
  server: TestServer,
  body: string,
  { version = '2_7', context = '' }: { version?: string; context?: string } = {},
): Promise<string> {
  const timestamp = new Date().toISOString();
  const response = await fetch(`${server.url}/soap/mktows/${version}`, {
    method: 'POST',
    headers: { 'content-type': 'text/xml; charset=utf-8' },
    body:
      `<SOAP-ENV:Envelope ${NAMESPACES}><SOAP-ENV:Header><ns1:AuthenticationHeader>` +
      `<mktowsUserId>${USER_ID}</mktowsUserId>` +
      `<requestSignature>${sign(SECRET, USER_ID, timestamp)}</requestSignature>` +
      `<requestTimestamp>${timestamp}</requestTimestamp></ns1:AuthenticationHeader>${context}` +
      `</SOAP-ENV:Header><SOAP-ENV:Body>${body}</SOAP-ENV:Body></SOAP-ENV:Envelope>`,
  });
  return response.text();
}

/** The infoset of an answer with this content of its Body; white space between elements does not count. */
export const answer = (body: string): InfosetElement =>
  infoset(
    `<SOAP-ENV:Envelope ${NAMESPACES}><SOAP-ENV:Body>${body.replaceAll(/>\s+</g, '><')}</SOAP-ENV:Body>` +
      '</SOAP-ENV:Envelope>',
  );

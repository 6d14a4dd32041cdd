import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { listen } from 'soap';
import { signatureMatches } from '../../src/wire/signature.ts';
import { writeWsdl } from '../../src/wire/wsdl.ts';
import { user } from '../work.ts';
import { createPlainLeads } from './plain-leads.ts';
import { announce, databaseFile } from './process.ts';

interface Sent {
  readonly leadRecordList: {
    readonly leadRecord: readonly {
      readonly Email: string;
      readonly leadAttributeList: {
        readonly attribute: readonly { readonly attrName: string; readonly attrValue: string }[];
      };
    }[];
  };
}
interface Header {
  readonly AuthenticationHeader: {
    readonly mktowsUserId: string;
    readonly requestSignature: string;
    readonly requestTimestamp: string;
  };
}

const sync = createPlainLeads(databaseFile() ?? '');

function syncMultipleLeads(sent: Sent, _callback: unknown, header: Header) {
  const { mktowsUserId, requestSignature, requestTimestamp } = header.AuthenticationHeader;
  if (!signatureMatches(user.secret, mktowsUserId, requestTimestamp, requestSignature)) {
    throw new Error('20014 - Authentication failed');
  }
  const syncStatus = sync(
    sent.leadRecordList.leadRecord.map(({ Email, leadAttributeList }) => ({
      email: Email,
      attributes: Object.fromEntries(
        leadAttributeList.attribute.map(({ attrName, attrValue }) => [attrName, attrValue]),
      ),
    })),
  );
  return { result: { syncStatusList: { syncStatus } } };
}

const path = '/soap/mktows/2_7';
const server = createServer((_request, response) => response.writeHead(404).end());
server.listen(0, '127.0.0.1', () => {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;
  listen(
    server,
    path,
    { MktMktowsApiService: { MktowsApiSoapPort: { syncMultipleLeads } } },
    writeWsdl(url),
    () => announce(url),
  );
});

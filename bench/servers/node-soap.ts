import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { listen } from 'soap';
import { signatureMatches } from '../../src/wire/signature.ts';
import { writeWsdl } from '../../src/wire/wsdl.ts';
import { attributeNames, type Row, user } from '../work.ts';
import { createPlainStore, noStore } from './plain-store.ts';
import { announce, databaseFile } from './process.ts';

interface Key {
  readonly name: string;
  readonly value: string;
}
interface SentObject {
  readonly externalKey: Key;
  readonly attribList: { readonly attrib: readonly Key[] };
  readonly associationList: { readonly mObjAssociation: readonly { readonly externalKey: Key }[] };
}
interface Sent {
  readonly mObjectList: { readonly mObject: readonly SentObject[] };
}
interface Header {
  readonly AuthenticationHeader: {
    readonly mktowsUserId: string;
    readonly requestSignature: string;
    readonly requestTimestamp: string;
  };
}

const file = databaseFile();
const store = file === undefined ? noStore : createPlainStore(file);

function toRow({ externalKey, attribList, associationList }: SentObject): Row {
  const sent = new Map(attribList.attrib.map(({ name, value }) => [name, value]));
  return {
    key: externalKey.value,
    company: associationList.mObjAssociation[0]?.externalKey.value ?? '',
    values: Object.fromEntries(attributeNames.map((name) => [name, sent.get(name) ?? ''])) as Row['values'],
  };
}

function syncMObjects(sent: Sent, _callback: unknown, header: Header) {
  const { mktowsUserId, requestSignature, requestTimestamp } = header.AuthenticationHeader;
  if (!signatureMatches(user.secret, mktowsUserId, requestTimestamp, requestSignature)) {
    throw new Error('20014 - Authentication failed');
  }
  const statuses = store.sync(sent.mObjectList.mObject.map(toRow));
  const mObjStatus = statuses.map(({ id, key, status }) => ({
    id,
    externalKey: { name: 'ExtId', value: key },
    status,
  }));
  return { result: { mObjStatusList: { mObjStatus } } };
}

const path = '/soap/mktows/2_7';
const server = createServer((_request, response) => response.writeHead(404).end());
server.listen(0, '127.0.0.1', () => {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;
  listen(server, path, { MktMktowsApiService: { MktowsApiSoapPort: { syncMObjects } } }, writeWsdl(url), () =>
    announce(url),
  );
});

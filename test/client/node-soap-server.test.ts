import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { listen } from 'soap';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Client, createClient, MktowsFault } from '../../src/client/index.ts';
import { writeWsdl } from '../../src/wire/wsdl.ts';

const http = createServer((_request, response) => response.writeHead(404).end());
let client: Client;
/** What the server's operation was given, as node-soap read it. */
let given: unknown;

beforeAll(async () => {
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const { port } = http.address() as AddressInfo;
  const endpoint = `http://127.0.0.1:${port}/soap/mktows/2_7`;
  const operations = {
    syncMObjects(params: unknown) {
      given = params;
      return {
        result: {
          mObjStatusList: {
            mObjStatus: [
              { id: 7, status: 'CREATED' },
              { id: 0, status: 'FAILED', error: 'Amount & more' },
            ],
          },
        },
      };
    },
    getMObjects: () => ({
      result: {
        returnCount: 1,
        hasMore: false,
        newStreamPosition: '',
        mObjectList: {
          mObject: [
            { type: 'Opportunity', id: 7, attribList: { attrib: [{ name: 'Amount', value: '2000.5' }] } },
          ],
        },
      },
    }),
    getTags() {
      throw {
        Fault: {
          faultcode: 'SOAP-ENV:Client',
          faultstring: '20110 - Input error',
          detail: { serviceException: { name: 'mktServiceException', message: 'No (20110)', code: 20110 } },
        },
      };
    },
  };
  listen(
    http,
    '/soap/mktows/2_7',
    { MktMktowsApiService: { MktowsApiSoapPort: operations } },
    writeWsdl(endpoint),
  );
  client = createClient({ endpoint, userId: 'user', secret: 'secret', retries: 0 });
});
afterAll(() => http.close());

it('calls a server that node-soap makes of the WSDL', async () => {
  const results = await client.syncMObjects('UPSERT', [
    { type: 'Opportunity', attributes: { Name: 'Zoë <&>', Amount: 2000.5 } },
    { type: 'Program', id: 1970 },
  ]);
  expect(results).toMatchObject([
    { status: 'CREATED', id: 7 },
    { status: 'FAILED', error: 'Amount & more' },
  ]);
  expect(given).toMatchObject({
    operation: 'UPSERT',
    mObjectList: {
      mObject: [
        {
          type: 'Opportunity',
          attribList: {
            attrib: [
              { name: 'Name', value: 'Zoë <&>' },
              { name: 'Amount', value: '2000.5' },
            ],
          },
        },
        { type: 'Program' },
      ],
    },
  });
});

it('reads the objects that it answers', async () => {
  for await (const { objects } of client.getMObjects({ type: 'Opportunity' })) {
    expect(objects).toMatchObject([{ id: 7, createdAt: null, attributes: { Amount: 2000.5 } }]);
  }
});

it('reads its faults', async () => {
  const fault = await client.getTags().catch((error: unknown) => error);
  expect(fault).toBeInstanceOf(MktowsFault);
  expect(fault).toMatchObject({ code: 20110, message: 'No (20110)' });
});

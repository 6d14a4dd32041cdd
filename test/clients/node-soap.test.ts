import type { Client } from 'soap';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestServer } from '../server/test-server.ts';
import { createNodeClient, signAs } from './node-client.ts';
import { SECRET, startSeededServer } from './seeded-server.ts';

describe('node-soap', () => {
  let seeded: TestServer;
  let client: Client;
  beforeAll(async () => {
    seeded = await startSeededServer();
    client = await createNodeClient(seeded);
  });
  afterAll(() => seeded.remove());

  async function sync(operation: string, ...mObject: object[]) {
    const [answer] = await client.syncMObjectsAsync({ mObjectList: { mObject }, operation });
    return answer.result.mObjStatusList.mObjStatus;
  }
  const attribList = (values: Record<string, string>) => ({
    attrib: Object.entries(values).map(([name, value]) => ({ name, value })),
  });

  it('finds all 23 operations in the WSDL', () => {
    const port = client.describe().MktMktowsApiService.MktowsApiSoapPort;
    expect(Object.keys(port)).toHaveLength(23);
  });

  it('updates the cost of a program', async () => {
    const attrList = attribList({ Month: '2013-06', Amount: '2000', Id: '153' });
    const program = {
      type: 'Program',
      id: 1970,
      typeAttribList: { typeAttrib: [{ attrType: 'Cost', attrList }] },
    };
    expect(await sync('UPDATE', program)).toEqual([{ id: 1970, status: 'UPDATED' }]);
  });

  it('upserts by external key with a company, and reads the key echoed', async () => {
    const opportunity = {
      type: 'Opportunity',
      externalKey: { name: 'FSOpportunityID', value: 'F-1' },
      attribList: attribList({ Name: 'Zoë 😀', Amount: '1.0E7' }),
      associationList: {
        mObjAssociation: [{ mObjType: 'Company', externalKey: { name: 'cAccountFSID', value: 'C123' } }],
      },
    };
    const { externalKey } = opportunity;
    expect(await sync('UPSERT', opportunity)).toEqual([{ id: 65, externalKey, status: 'CREATED' }]);
    expect(await sync('UPSERT', opportunity)).toEqual([{ id: 65, externalKey, status: 'UNCHANGED' }]);
  });

  it('reads a missing id as null and the error of a FAILED row', async () => {
    const [skipped, failed] = await sync('UPDATE', { type: 'Opportunity' }, { type: 'Bogus' });
    expect(skipped).toMatchObject({ status: 'SKIPPED' });
    expect(failed).toMatchObject({ status: 'FAILED', error: expect.stringContaining('Bogus') });
  });

  it('reads a fault with its detail', async () => {
    signAs(client, 'wrong');
    const failure = await sync('INSERT', { type: 'Opportunity' }).catch((error) => error);
    signAs(client, SECRET);
    expect(failure.root.Envelope.Body.Fault).toMatchObject({
      faultcode: 'SOAP-ENV:Client',
      faultstring: '20014 - Authentication failed',
      detail: { serviceException: { name: 'mktServiceException', code: '20014' } },
    });
  });
});

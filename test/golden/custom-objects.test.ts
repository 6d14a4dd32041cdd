import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSeededServer } from '../clients/seeded-server.ts';
import { defineType, roadshow } from '../operations/custom-object-fixture.ts';
import type { TestServer } from '../server/test-server.ts';
import { infoset } from './infoset.ts';
import { answer, post } from './published.ts';

/** The requests of Marketo's documentation on custom objects get the answers that it shows. */
let server: TestServer;
beforeEach(async () => {
  server = await startSeededServer({ leads: [{ id: 1090177 }] });
  const fields = ['city', 'state', 'zip'].map((name) => ({ name, dataType: 'string' }) as const);
  await defineType(server.store, { ...roadshow, fields });
});
afterEach(() => server.remove());

const send = (body: string) => post(server, body);

/** The member of ours in a position is left out. */
const meant = (xml: string) => infoset(xml.replace(/,"at":"[\w-]+"\}/, '}'));

type Pairs = Readonly<Record<string, string>>;
const attributes = (pairs: Pairs, attrType: string) =>
  Object.entries(pairs)
    .map(
      ([name, value]) =>
        `<attribute><attrName>${name}</attrName>${attrType}<attrValue>${value}</attrValue></attribute>`,
    )
    .join('');
const sent = (pairs: Pairs) => attributes(pairs, '');
const answered = (pairs: Pairs) => attributes(pairs, '<attrType xsi:nil="true"/>');

const syncRequest = (keys: Pairs, values: Pairs) =>
  '<ns1:paramsSyncCustomObjects><objTypeName>RoadShow</objTypeName><customObjList><customObj>' +
  `<customObjKeyList>${sent(keys)}</customObjKeyList>` +
  `<customObjAttributeList>${sent(values)}</customObjAttributeList>` +
  '</customObj></customObjList><operation>UPSERT</operation></ns1:paramsSyncCustomObjects>';

const status = (keys: Pairs, outcome: string) =>
  `<syncCustomObjStatus><objTypeName>Roadshow</objTypeName><customObjKeyList>${answered(keys)}` +
  `</customObjKeyList>${outcome}</syncCustomObjStatus>`;

const syncAnswer = (keys: Pairs, outcome: string) =>
  answer(
    '<ns1:successSyncCustomObjects><result><syncCustomObjStatusList>' +
      `${status(keys, outcome)}</syncCustomObjStatusList></result></ns1:successSyncCustomObjects>`,
  );

const getRequest = (mktoid: string) =>
  '<ns1:paramsGetCustomObjects><objTypeName>RoadShow</objTypeName><customObjKeyList>' +
  `${sent({ MKTOID: mktoid })}</customObjKeyList><includeAttributes/></ns1:paramsGetCustomObjects>`;

const keysOf = (rid: string) => ({ MKTOID: '1090177', rid });
const rid1 = { city: 'SanMateo', zip: '94404', state: 'California' };
const numbered = (n: number) => ({ city: `city${n}`, state: `state${n}`, zip: `zip${n}` });

describe('the published example of', () => {
  it('syncCustomObjects', async () => {
    await send(syncRequest(keysOf('rid1'), {}));
    const outcome = '<status>UPDATED</status><error xsi:nil="true"/>';
    expect(meant(await send(syncRequest(keysOf('rid1'), rid1)))).toEqual(syncAnswer(keysOf('rid1'), outcome));
  });

  it('a row with an unknown attribute', async () => {
    const outcome = '<status>FAILED</status><error>Unknown name attribute list: nameasdf</error>';
    const request = syncRequest(keysOf('rid1'), { nameasdf: 'x' });
    expect(meant(await send(request))).toEqual(syncAnswer(keysOf('rid1'), outcome));
  });

  it('getCustomObjects', async () => {
    const objects: [string, Pairs][] = [
      ['123456', numbered(4)],
      ['rid0', numbered(0)],
      ['rid1', { city: rid1.city, state: rid1.state, zip: rid1.zip }],
      ['rid2', numbered(2)],
      ['rid3', numbered(3)],
      ['rid4', numbered(4)],
    ];
    for (const [rid, values] of objects.toReversed()) await send(syncRequest(keysOf(rid), values));
    const list = objects.map(
      ([rid, values]) =>
        `<customObj><customObjKeyList>${answered(keysOf(rid))}</customObjKeyList>` +
        `<customObjAttributeList>${answered(values)}</customObjAttributeList></customObj>`,
    );
    expect(meant(await send(getRequest('1090177')))).toEqual(
      answer(
        '<ns1:successGetCustomObjects><result><objTypeName>Roadshow</objTypeName><returnCount>6</returnCount>' +
          '<remainingCount>0</remainingCount><newStreamPosition>{"ky":["1090177"],"os":6}</newStreamPosition>' +
          `<customObjList>${list.join('')}</customObjList></result></ns1:successGetCustomObjects>`,
      ),
    );
  });

  it('getCustomObjects that finds nothing', async () => {
    expect(meant(await send(getRequest('123')))).toEqual(
      answer(
        '<ns1:successGetCustomObjects><result><objTypeName>Roadshow</objTypeName><returnCount>0</returnCount>' +
          '<remainingCount>0</remainingCount><newStreamPosition>{"ky":["123"],"os":0}</newStreamPosition>' +
          '<customObjList/></result></ns1:successGetCustomObjects>',
      ),
    );
  });

  it('deleteCustomObjects', async () => {
    await send(syncRequest(keysOf('123456'), {}));
    const request =
      '<ns1:paramsDeleteCustomObjects><objTypeName>RoadShow</objTypeName><customObjKeyLists><keyList>' +
      `${sent(keysOf('123456'))}</keyList></customObjKeyLists></ns1:paramsDeleteCustomObjects>`;
    expect(meant(await send(request))).toEqual(
      answer(
        '<ns1:successDeleteCustomObjects><result><deleteCustomObjStatusList>' +
          status(keysOf('123456'), '<status>DELETED</status><error xsi:nil="true"/>') +
          '</deleteCustomObjStatusList></result></ns1:successDeleteCustomObjects>',
      ),
    );
  });

  it('an unknown type', async () => {
    const fault = await send(getRequest('1').replace('RoadShow', 'Tour'));
    expect(fault).toContain('<faultstring>20110 - Input error</faultstring>');
    expect(fault).toContain('<message>Object name is not valid (20110)</message>');
  });
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import { seededInstance, startSeededServer } from '../clients/seeded-server.ts';
import { faultCode, header, post, type TestServer } from './test-server.ts';

/** Forms that other clients write, all the way over HTTP into what is stored (docs/wire.md#3-requests). */
let server: TestServer;
beforeAll(async () => {
  server = await startSeededServer(seededInstance);
});
afterAll(() => server.remove());

const { mktowsUserId, requestSignature, requestTimestamp } = header();
const signed =
  `<m:AuthenticationHeader><mktowsUserId>${mktowsUserId}</mktowsUserId>` +
  `<requestSignature>${requestSignature}</requestSignature>` +
  `<requestTimestamp>${requestTimestamp}</requestTimestamp></m:AuthenticationHeader>`;

/** A signed syncMObjects request with these elements, and others behind its request element. */
const sync = (elements: string, behind = '') =>
  '<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/" xmlns:m="http://www.marketo.com/mktows/" ' +
  'xmlns:e="http://schemas.xmlsoap.org/soap/encoding/" xmlns:xsd="http://www.w3.org/2001/XMLSchema" ' +
  'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">' +
  `<S:Header>${signed}</S:Header><S:Body><m:paramsSyncMObjects>${elements}` +
  `<operation>UPSERT</operation></m:paramsSyncMObjects>${behind}</S:Body></S:Envelope>`;
const attrib = (name: string, value: string) =>
  `<attrib><name>${name}</name><value>${value}</value></attrib>`;
const keyOf = (value: string) => `<externalKey><name>ExtId</name><value>${value}</value></externalKey>`;
const object = (key: string, attributes = attrib('Name', key)) =>
  `<type>Opportunity</type>${keyOf(key)}<attribList>${attributes}</attribList>`;
const listOf = (...rows: string[]) => `<mObjectList>${rows.join('')}</mObjectList>`;
const row = (content: string) => `<mObject>${content}</mObject>`;

const statuses = (answer: string) =>
  [...answer.matchAll(/<status>(\w+)<\/status>/g)].map(([, status]) => status);

/** The values of the opportunities whose key begins so, in the order of their keys. */
async function storedUnder(prefix: string): Promise<Record<string, unknown>[]> {
  const { opportunities } = await server.store.contents();
  return opportunities
    .map(({ values }) => Object.fromEntries(values.entries()))
    .filter(({ ExtId }) => String(ExtId).startsWith(prefix))
    .sort((a, b) => (String(a.ExtId) < String(b.ExtId) ? -1 : 1));
}

test('a nil object keeps its place as a FAILED row, and the others are stored', async () => {
  const { text } = await post(
    server,
    sync(listOf(row(object('nil-1')), '<mObject xsi:nil="true"/>', row(object('nil-2')))),
  );
  expect(statuses(text)).toEqual(['CREATED', 'FAILED', 'CREATED']);
  expect(await storedUnder('nil-')).toEqual([
    { ExtId: 'nil-1', Name: 'nil-1' },
    { ExtId: 'nil-2', Name: 'nil-2' },
  ]);
});

test.each([
  [
    'the list',
    (items: string) => `<mObjectList xsi:type="e:Array" e:arrayType="m:MObject[2]">${items}</mObjectList>`,
  ],
  [
    'the repeated element',
    (items: string) => listOf(`<mObject xsi:type="e:Array" e:arrayType="m:MObject[2]">${items}</mObject>`),
  ],
])('an array of SOAP encoding in place of %s stores each of its items', async (place, list) => {
  const prefix = `array ${place} `;
  const items = ['1', '2'].map((number) => `<item>${object(prefix + number)}</item>`).join('');
  const { text } = await post(server, sync(list(items)));
  expect(statuses(text)).toEqual(['CREATED', 'CREATED']);
  expect(await storedUnder(prefix)).toEqual(
    ['1', '2'].map((number) => ({ ExtId: prefix + number, Name: prefix + number })),
  );
});

test('references to elements that come later in the body store what these hold', async () => {
  const attribList = '<attribList><attrib href="#a"/></attribList>';
  const keyed = (key: string) => row(`<type>Opportunity</type>${keyOf(key)}${attribList}`);
  const behind = `<multiRef id="a"><name>Name</name><value href="#v"/></multiRef><multiRef id="v">later</multiRef>`;
  const { text } = await post(server, sync(listOf(keyed('ref-1'), keyed('ref-2')), behind));
  expect(statuses(text)).toEqual(['CREATED', 'CREATED']);
  expect(await storedUnder('ref-')).toEqual([
    { ExtId: 'ref-1', Name: 'later' },
    { ExtId: 'ref-2', Name: 'later' },
  ]);
});

test('a list of references to objects that come later stores one of each', async () => {
  const behind = `<multiRef id="o">${object('whole-1')}</multiRef><multiRef id="p">${object('whole-2')}</multiRef>`;
  const { text } = await post(server, sync(listOf('<mObject href="#o"/>', '<mObject href="#p"/>'), behind));
  expect(statuses(text)).toEqual(['CREATED', 'CREATED']);
  expect(await storedUnder('whole-')).toHaveLength(2);
});

test('NUL bytes behind the root element are skipped', async () => {
  const body = `${sync(listOf(row(object('nul-behind'))))}\0\0`;
  expect(statuses((await post(server, body)).text)).toEqual(['CREATED']);
  expect(await storedUnder('nul-behind')).toHaveLength(1);
});

test('a NUL in a value is fault 20012, and nothing is stored', async () => {
  const body = sync(listOf(row(object('nul-inside-1')), row(object('nul-inside-2', attrib('Name', 'a\0b')))));
  const { status, text } = await post(server, body);
  expect([status, faultCode(text)]).toEqual([500, 20012]);
  expect(await storedUnder('nul-inside')).toEqual([]);
});

const NAME = 'Größe 大 \u{1F600}';
const utf16 = (text: string) => Buffer.from(text, 'utf16le');
test.each<[string, string, string, (text: string) => Buffer]>([
  ['a UTF-16 label over UTF-8', 'utf-16', '', (text) => Buffer.from(text)],
  ['a UTF-16 label in the declaration over UTF-8', 'utf-8', 'UTF-16', (text) => Buffer.from(text)],
  ['UTF-16 with a byte order mark', 'utf-16', 'UTF-16', (text) => utf16(`\ufeff${text}`)],
  ['UTF-16 by its label alone', 'utf-16le', '', utf16],
])('%s stores the text as it was meant', async (form, charset, declared, encode) => {
  const declaration = declared === '' ? '' : `<?xml version="1.0" encoding="${declared}"?>`;
  const body = declaration + sync(listOf(row(object(form, attrib('Name', NAME)))));
  const { text } = await post(server, encode(body), { 'content-type': `text/xml; charset=${charset}` });
  expect(statuses(text)).toEqual(['CREATED']);
  expect(await storedUnder(form)).toContainEqual({ ExtId: form, Name: NAME });
});

test.each([
  ['a decimal without a fraction', '<value xsi:type="xsd:double">64.0</value>', 64],
  [
    'base64 of text',
    `<value xsi:type="xsd:base64Binary">${Buffer.from('64').toString('base64')}</value>`,
    64,
  ],
])('%s is stored as the number that it is', async (form, value, stored) => {
  const attributes = `<attrib><name>Probability</name>${value}</attrib>`;
  const { text } = await post(server, sync(listOf(row(object(`typed ${form}`, attributes)))));
  expect(statuses(text)).toEqual(['CREATED']);
  expect(await storedUnder(`typed ${form}`)).toEqual([{ ExtId: `typed ${form}`, Probability: stored }]);
});

import { expect, it } from 'vitest';
import type { Message } from '../../src/contract/messages.ts';
import { defaultSettings } from '../../src/rules/settings.ts';
import { seededInstance, startSeededServer } from '../clients/seeded-server.ts';
import { envelope } from '../server/test-server.ts';
import { type Chance, createChance } from './chance.ts';
import { createHttpExchange } from './http-exchange.ts';
import { judged } from './judged-answer.ts';

const SEED = Number(process.env.MKTOWS_FUZZ_SEED ?? Date.now() % 1_000_000);
const REQUESTS = 20;
/** How long the event loop, which client and server share here, may be kept in one go, in milliseconds. */
const LONGEST = 2_000;

const settings = { ...defaultSettings, unknownFields: 'create', externalKeys: 'any' } as const;

type Row = Message<'MObject'>;

const list = <Item>(count: number, item: (index: number) => Item): Item[] =>
  Array.from({ length: count }, (_, index) => item(index));

/** Requests of the form a few of one thing times very many of another: costly where one is compared with the other. */
function largeRequest(chance: Chance): Message<'ParamsSyncMObjects'> {
  const rows = chance.oneOf([1, 2, 10, 100]);
  const each = Math.ceil((1_000 + chance.number(20_000)) / rows);
  const name = chance.oneOf([(index: number) => `unknown ${index}`, () => 'Name', () => 'x'.repeat(200)]);
  const value = chance.oneOf(['a', 'x'.repeat(300), '']);
  const texts = list(each, (index) => ({ name: name(index), value }));
  const item = (attrType: string, values: Record<string, string>) => ({
    attrType,
    attrList: { attrib: Object.entries(values).map(([key, text]) => ({ name: key, value: text })) },
  });
  const month = { Month: '2020-01', Amount: '7' };
  const forms: readonly ((index: number) => Row)[] = [
    () => ({ type: 'Opportunity', attribList: { attrib: texts } }),
    (index) => ({
      type: 'Opportunity',
      externalKey: { name: name(index), value: `k${index}` },
      associationList: { mObjAssociation: list(each, (id) => ({ mObjType: 'Company', id: (id % 3) + 1 })) },
    }),
    () => ({
      type: 'Program',
      id: 1970,
      typeAttribList: {
        typeAttrib: list(each, (id) => item('Cost', id % 2 ? month : { ...month, Id: `${id}` })),
      },
    }),
    () => ({
      type: 'Program',
      id: 1970,
      typeAttribList: { typeAttrib: list(each, () => item('Cost', month)) },
    }),
    (index) => ({
      type: 'Program',
      id: 1970,
      typeAttribList: { typeAttrib: list(each, (id) => item('Tag', { Type: name(index), Value: `v${id}` })) },
    }),
  ];
  const form = chance.oneOf(forms);
  return {
    operation: chance.oneOf(['INSERT', 'UPDATE', 'UPSERT']),
    mObjectList: { mObject: list(rows, form) },
  };
}

it(`${REQUESTS} requests of very many parts are answered, and none keeps the event loop for long (seed ${SEED})`, async () => {
  const server = await startSeededServer(seededInstance, { settings });
  const exchange = createHttpExchange(server.url, 1);
  let last = performance.now();
  let longest = 0;
  const timer = setInterval(() => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  }, 1);
  try {
    for (let number = 0; number < REQUESTS; number += 1) {
      const body = Buffer.from(envelope(largeRequest(createChance(SEED, number))));
      await new Promise((resolve) => setTimeout(resolve, 5));
      longest = 0;
      const headers = { 'content-type': 'text/xml; charset=utf-8' };
      const answer = await exchange.send({ path: new URL(server.endpoint).pathname, headers, body }, 0);
      // Some are over a cap of the reader.
      expect(['syncMObjects', 'fault 20012'], `request ${number}`).toContain(judged(answer).outcome);
      expect(longest, `request ${number}`).toBeLessThan(LONGEST);
    }
  } finally {
    clearInterval(timer);
    await exchange.close();
    await server.remove();
  }
}, 120_000);

import fc from 'fast-check';
import type { FieldDefinition } from '../../src/contract/fields.ts';
import type { FieldValue } from '../../src/records/field-values.ts';
import { keyText } from '../../src/records/field-values.ts';
import type { LooseKey, WantedKey } from '../../src/rules/facts.ts';
import { fieldOwners } from '../../src/rules/schema.ts';
import { type CopiedSection, type CopyStep, copyDatabase } from '../../src/store/copy.ts';
import { openSource, openStore, openTarget } from '../../src/store/open.ts';
import type { Store } from '../../src/store/store.ts';
import {
  AT,
  type changed,
  create,
  entry,
  facts,
  field,
  LATER,
  lead,
  mObject,
  program,
  wanted,
  write,
} from './fixture.ts';

/** Copies one database to another; `report` can throw, as a process can end. */
export async function copy(
  from: string,
  to: string,
  report: (step: CopyStep) => unknown = () => {},
): Promise<CopiedSection[]> {
  const source = await openSource(from);
  try {
    const target = await openTarget(to, source);
    try {
      return await copyDatabase(source, target, { report, signal: new AbortController().signal });
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}

export async function withStore<T>(url: string, work: (store: Store) => Promise<T>): Promise<T> {
  const store = await openStore(url);
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

/** What is written to a source: through the store's own doors only. */
export interface Content {
  readonly objects: readonly {
    readonly values: Readonly<Record<string, FieldValue>>;
    readonly isRole: boolean;
  }[];
  readonly removed: readonly number[];
  readonly loose: readonly { readonly pick: number; readonly name: string; readonly value: string }[];
  readonly asked: readonly string[];
  readonly programs: readonly {
    readonly texts: Readonly<Record<string, string>>;
    readonly costs: readonly number[];
  }[];
  readonly leads: readonly {
    readonly email: string | null;
    readonly attributes: Readonly<Record<string, string>>;
  }[];
  readonly users: readonly { readonly userId: string; readonly secret: Uint8Array }[];
  readonly journal: readonly {
    readonly because: string;
    readonly fault: number | null;
    readonly noted: boolean;
  }[];
  readonly prunes: boolean;
}

// U+0000 and U+0001 are what PostgreSQL's texts keep in another form.
const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.constantFrom('\0', '\u0001', '\u00010', '\u{1F600}', '\uE000', "'\\", 'a', 'B', ''),
);
const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (value === 0 ? 0 : value));
const values = fc.record(
  {
    Name: text,
    Amount: number,
    Probability: fc.integer(),
    IsWon: fc.boolean(),
    CloseDate: fc.constantFrom('2013-06-30', '0001-01-01', '9999-12-31'),
    ExternalCreatedDate: fc.constantFrom(
      '2013-06-09T22:04:54.123Z',
      '1999-12-31T23:59:59.999Z',
      '0000-12-31T10:00:00.000Z',
      '9999-12-31T31:59:59.000Z',
    ),
    CompanyId: fc.constantFrom(1, 2),
    ownText: text,
    ownNumber: number,
    ownFlag: fc.boolean(),
  },
  { requiredKeys: [] },
);
const roleValues = fc.record(
  {
    OpportunityId: fc.constantFrom(1, 2, 3),
    PersonId: fc.constantFrom(1, 2),
    Role: text,
    IsPrimary: fc.boolean(),
  },
  { requiredKeys: ['OpportunityId', 'PersonId'] },
);
const names = ['Loose', 'looser', 'ÄÖ\u0001', 'OwnText'];

export const content: fc.Arbitrary<Content> = fc.record({
  objects: fc.array(
    fc.oneof(
      fc.record({ values, isRole: fc.constant(false) }),
      fc.record({ values: roleValues, isRole: fc.constant(true) }),
    ),
    { maxLength: 30 },
  ),
  removed: fc.array(fc.nat(29), { maxLength: 6 }),
  loose: fc.array(fc.record({ pick: fc.nat(29), name: fc.constantFrom(...names), value: text }), {
    maxLength: 10,
  }),
  asked: fc.subarray(['name', 'amount', 'owntext', 'ownnumber', 'ownflag', 'iswon']),
  programs: fc.array(
    fc.record({
      texts: fc.dictionary(text, text, { maxKeys: 4 }),
      costs: fc.array(number, { maxLength: 4 }),
    }),
    { maxLength: 5 },
  ),
  leads: fc.array(
    fc.record({ email: fc.option(text), attributes: fc.dictionary(text, text, { maxKeys: 4 }) }),
    { maxLength: 5 },
  ),
  users: fc.uniqueArray(
    fc.record({ userId: text.filter(Boolean), secret: fc.uint8Array({ minLength: 1, maxLength: 40 }) }),
    { selector: ({ userId }) => userId, maxLength: 4 },
  ),
  journal: fc.array(
    fc.record({ because: text, fault: fc.option(fc.constantFrom(20011, 20012)), noted: fc.boolean() }),
    { maxLength: 8 },
  ),
  prunes: fc.boolean(),
});

const ownFields: readonly FieldDefinition[] = [
  field('ownText', { displayName: 'Own "text"', description: '\0', size: 255, definedAt: AT }),
  field('ownNumber', { dataType: 'float' }),
  field('ownFlag', { dataType: 'boolean' }),
];

const withoutProto = (texts: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(texts).filter(([name]) => name !== '__proto__'));

/** Writes content to an empty store. */
export async function fill(store: Store, given: Content): Promise<void> {
  await write(store, {
    newFields: [
      ...ownFields.map((each) => ({ owner: 'Opportunity' as const, field: each })),
      { owner: 'Lead', field: field('Score', { dataType: 'integer' }) },
    ],
    schema: {
      tags: new Map([
        ['Region', ['South', 'North']],
        ['Empty', []],
      ]),
      channels: new Map([
        [
          'Webinar',
          [
            {
              status: 'Registered',
              step: 20,
              success: false,
              attributes: new Map([
                ['z', '1'],
                ['a', '2'],
              ]),
            },
          ],
        ],
        ['Blog', []],
      ]),
    },
  });
  const objects = given.objects.map(({ values: held, isRole }, index) => ({
    type: isRole ? ('OpportunityPersonRole' as const) : ('Opportunity' as const),
    before: undefined,
    after: mObject(index + 1, held, {
      type: isRole ? 'OpportunityPersonRole' : 'Opportunity',
      updatedAt: index % 2 ? AT : LATER,
    }),
  }));
  const half = Math.floor(objects.length / 2);
  await create(store, ...objects.slice(0, half));
  await facts(store, {
    keys: given.asked.map((name): WantedKey => ({ type: 'Opportunity', name, value: 'x' })),
  });
  await create(store, ...objects.slice(half));
  await create(
    store,
    ...given.programs.map(({ texts, costs }, index) => ({
      type: 'Program' as const,
      before: undefined,
      after: program((index + 1) * 10, {
        tags: new Map(Object.entries(texts)),
        tokens: new Map(Object.entries(texts)),
        costs: costs.map((amount, at) => ({
          id: index * 10 + at + 1,
          month: '2013-06-01',
          amount,
          note: at % 2 ? null : '\u0001',
        })),
      }),
    })),
    {
      type: 'Company',
      before: undefined,
      after: { id: 1, name: 'ACME', externalKeys: new Map([['Fsid', 'C\0']]) },
    },
    ...given.leads.map(({ email, attributes }, index) => ({
      type: 'Lead' as const,
      before: undefined,
      after: lead(index + 1, withoutProto(attributes), email),
    })),
  );
  const loose = given.loose.flatMap(({ pick, name, value }): LooseKey[] => {
    const object = objects[pick];
    return object ? [{ type: object.type, id: object.after.id, name, value }] : [];
  });
  for (const key of loose) await write(store, { looseKeys: [key] });
  for (const pick of new Set(given.removed)) {
    const object = objects[pick];
    if (object)
      await create(store, { type: object.type, before: object.after, after: undefined } as ReturnType<
        typeof changed
      >);
  }
  for (const { userId, secret } of given.users) {
    await store.users.put({ userId, encryptedSecret: secret, createdAt: AT });
  }
  for (const { because, fault, noted } of given.journal) {
    const kept = entry({
      at: noted ? AT : LATER,
      fault,
      rows: [{ type: 'Opportunity', id: 1, status: 'SKIPPED', because }],
    });
    if (noted) store.journal.note(kept);
    else await write(store, {}, kept);
  }
  if (given.prunes) await store.journal.prune(LATER);
}

/** All that a client or an operator can see of a store. Leaves no trace but the key fields that it asks for. */
export async function everything(store: Store) {
  const { schema, ...contents } = await store.contents();
  const keys = contents.opportunities.slice(0, 100).flatMap(({ values: held }) =>
    [...held.entries()].map(
      ([name, value]): WantedKey => ({
        type: 'Opportunity',
        name: name.toLowerCase(),
        value: keyText(value),
      }),
    ),
  );
  const loose = contents.looseKeys.map(
    ({ type, name, value }): WantedKey => ({ type, name: name.toLowerCase(), value }),
  );
  const asked = [...keys, ...loose];
  const ids = { Opportunity: 1, OpportunityPersonRole: 1, Cost: 1 };
  const found = await store.apply(wanted({ keys: asked, newIds: ids, depth: 100 }), (known) => ({
    changes: { records: [], looseKeys: [], newFields: [] },
    answer: {
      holders: new Map(asked.map((key) => [JSON.stringify(key), known.keys.get(key)])),
      newIds: known.newIds,
    },
    journal: null,
  }));
  const { number: newest } = await nextEntry(store);
  return {
    ...contents,
    fields: fieldOwners.map((owner) => schema.fields[owner].all),
    tags: [...schema.tags],
    channels: JSON.stringify([...schema.channels], (_, value) => (value instanceof Map ? [...value] : value)),
    ...found,
    users: await store.users.list(),
    journal: await store.journal.newest(1000),
    newest,
    secret: Buffer.from(await store.secret()).toString('hex'),
  };
}

async function nextEntry(store: Store): Promise<{ number: number }> {
  await write(store, {}, entry({ operation: 'the next' }));
  const [newest] = await store.journal.newest(1);
  return { number: newest?.number ?? 0 };
}

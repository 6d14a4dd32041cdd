import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { InputFormat } from '../../src/bulk/input.ts';
import { applyInstance } from '../../src/instance/apply.ts';
import { exportInstance } from '../../src/instance/export.ts';
import type { Instance } from '../../src/instance/shape.ts';
import { fileSections } from '../../src/records/all.ts';
import { openSource, openStore } from '../../src/store/open.ts';
import type { Store } from '../../src/store/store.ts';
import { exportRows } from '../../src/transfer/export-rows.ts';
import { guarded, unguarded } from '../../src/transfer/formulas.ts';
import { type ImportOptions, importFile } from '../../src/transfer/import-file.ts';
import { layoutOf } from '../../src/transfer/layout.ts';
import { writeRows } from '../../src/transfer/write-rows.ts';
import { overBothEngines } from '../store/test-engines.ts';

const hostile = [
  '=1+1',
  "'=1+1",
  "'",
  "''",
  '-5',
  '+5',
  "'-5",
  '@x',
  '\t=',
  'a,b;c|d\te',
  '"q"',
  'line 1\r\nline 2',
  '\n',
  ' padded ',
  '＝1',
  'Ω𝄞',
  'null',
  '0',
  '3/4/2026',
  '$1,000',
];
const text = fc.oneof(
  fc.constantFrom(...hostile),
  fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
    .filter((value) => !value.includes('\ufffd') && value.trim() !== ''),
);
const name = fc.constantFrom('a', 'A b', 'a-b', 'ab', 'x;y', 'q"r', '__proto__', 'Ω', 'month', 'c.d');
const time = fc
  .date({ min: new Date('1990-01-01'), max: new Date('2030-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString());
const times = { createdAt: time, updatedAt: time };
const amount = fc.integer({ min: -10_000_000, max: 10_000_000 }).map((cents) => cents / 100);
const date = time.map((value) => value.slice(0, 10));
const folded = (value: string) => value.trim().toLowerCase();
const named = fc
  .uniqueArray(fc.tuple(name, text), { selector: ([each]) => folded(each), maxLength: 4 })
  .map((entries) => Object.fromEntries(entries));
const list = <Item extends { id: number }>(item: fc.Arbitrary<Item>) =>
  fc.uniqueArray(item, { selector: ({ id }) => id, maxLength: 5 });
const id = fc.integer({ min: 1, max: 40 });
const optional = <Shape>(shape: { [K in keyof Shape]: fc.Arbitrary<Shape[K]> }) =>
  fc.record(shape, { requiredKeys: [] });

const fields = {
  Opportunity: [
    { name: 'Deal-Size', dataType: 'float' as const },
    { name: 'Deal Size', dataType: 'text' as const, displayName: 'Stage' },
    { name: 'Company.id', dataType: 'text' as const },
    { name: 'attributes.x', dataType: 'boolean' as const },
    { name: 'When', dataType: 'datetime' as const },
  ],
  Lead: [
    { name: 'score', dataType: 'integer' as const },
    { name: 'companyId', dataType: 'text' as const },
  ],
  Company: [{ name: 'Code', dataType: 'string' as const, size: 20 }],
};

/** Instances whose references are all right, with values that files could spoil. */
const instances: fc.Arbitrary<Instance> = fc
  .record({
    companies: list(fc.record({ id, name: fc.oneof(text, fc.constant('')), externalKeys: named })),
    leads: list(
      fc.record({
        id,
        email: text,
        attributes: fc
          .tuple(named, optional({ score: fc.integer(), companyId: text }))
          .map((parts) => Object.assign({}, ...parts)),
      }),
    ),
    opportunities: list(
      fc.record({
        id,
        attributes: optional({
          Amount: amount,
          CloseDate: date,
          IsWon: fc.boolean(),
          Name: text,
          Probability: fc.integer(),
          'Deal-Size': amount,
          'Deal Size': text,
          'Company.id': text,
          'attributes.x': fc.boolean(),
          When: time,
        }),
        externalKeys: named,
        ...times,
      }),
    ),
    programs: list(
      fc.record({
        id,
        name: fc.oneof(text, fc.constant('')),
        type: text,
        archived: fc.boolean(),
        workspaceId: fc.integer(),
        treePath: fc.oneof(text, fc.constant('')),
        tags: fc.constantFrom({}, { Region: 'North' }, { Name: 'x', Region: '=South' }),
        tokens: named,
        costs: fc.array(fc.record({ month: date.map((day) => day.slice(0, 7)), amount, note: text }), {
          maxLength: 3,
        }),
        ...times,
      }),
    ),
    roles: list(fc.record({ id, role: text, isPrimary: fc.boolean(), externalCreatedDate: time, ...times })),
    pick: fc.infiniteStream(fc.nat()),
  })
  .map(({ pick, roles, programs, ...parts }) => {
    const one = <Item>(items: readonly Item[]) =>
      items[Number(pick.next().value) % Math.max(1, items.length)];
    const company = () => {
      const companyId = Number(pick.next().value) % 2 ? one(parts.companies)?.id : undefined;
      return companyId === undefined ? {} : { companyId };
    };
    let costId = 0;
    return {
      fields,
      tags: { Region: ['North', '=South'], Name: ['x'] },
      ...parts,
      leads: parts.leads.map((lead) => ({ ...lead, ...company() })),
      opportunities: parts.opportunities.map((each) => ({ ...each, ...company() })),
      programs: programs.map((program) => ({
        ...program,
        costs: program.costs.map((cost) => ({ id: ++costId, ...cost })),
      })),
      roles: roles.map((role) => ({
        ...role,
        opportunityId: one(parts.opportunities)?.id ?? 7,
        leadId: one(parts.leads)?.id ?? 8,
        ...(parts.opportunities.length * parts.leads.length === 0 ? { orphan: true } : {}),
      })),
    };
  });

it('a guarded text comes back as it was', () => {
  const texts = fc.oneof(text, fc.string({ unit: fc.constantFrom("'", '=', '-', '1', ' ', '\n') }));
  fc.assert(
    fc.property(texts, (value) => {
      expect(unguarded(guarded(value))).toBe(value);
    }),
  );
});

const listener = { columns() {}, note() {}, progress() {} };

await overBothEngines((engine) => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mktows-transfer-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  async function importSection(store: Store, options: Pick<ImportOptions, 'section' | 'file' | 'format'>) {
    const failures: string[] = [];
    const all = {
      ...options,
      delimiter: undefined,
      encoding: 'utf-8',
      map: new Map(),
      externalKey: undefined,
      unknown: 'fail' as const,
      dateFormat: undefined,
      decimal: '.' as const,
      timeZone: 'UTC',
      clearsEmpty: false,
      isGuarded: true,
      dryRun: false,
      allOrNothing: false,
      now: new Date(),
    };
    const failed = (line: number, problem: string) => failures.push(`${options.section} ${line}: ${problem}`);
    await importFile(store, all, { ...listener, failed }, new AbortController().signal);
    expect(failures).toEqual([]);
  }

  it('a header that a spreadsheet would run as a formula is guarded, and restored', async () => {
    const name = '=HYPERLINK("x")';
    const rows = (async function* () {
      yield new Map([
        ['Name', 'n'],
        [name, '=v'],
      ]);
    })();
    const pieces = writeRows({ headers: ['Name', name], rows }, 'csv', true);
    let text = '';
    for await (const piece of pieces) text += piece;
    expect(text.split('\r\n')[0]).toBe(`Name,"'=HYPERLINK(""x"")"`);
    const file = join(folder, 'guarded.csv');
    await writeFile(file, text);
    const database = await engine.open();
    const store = await openStore(database.url);
    try {
      const field = { name, displayName: null, description: null, dataType: 'string', size: 255 } as const;
      const added = { owner: 'Opportunity', field: { ...field, custom: true, references: null } } as const;
      await store.apply({ ids: {}, keys: [], newIds: {}, depth: 1 }, () => ({
        changes: { records: [], looseKeys: [], newFields: [added] },
        answer: null,
        journal: null,
      }));
      await importSection(store, { section: 'opportunities', file, format: 'csv' });
      const { records } = await store.list({ type: 'Opportunity', where: [], limit: 9 });
      expect(records[0]?.values.get(name)).toBe('=v');
    } finally {
      await store.close();
      await database.remove();
    }
  });

  describe('an export imported into an empty database', () => {
    it.each<InputFormat>(['csv', 'tsv', 'ndjson', 'json'])('gives equal records as %s', async (format) => {
      await fc.assert(
        fc.asyncProperty(instances, async (instance) => {
          const [source, target] = [await engine.open(), await engine.open()];
          const options = { mode: 'make', now: new Date(), timeZone: 'UTC' } as const;
          const store = await openStore(source.url);
          expect(await applyInstance(store, instance, options)).toHaveProperty('report');
          const wanted = await exportInstance(store);
          const schema = await store.schema();
          await store.close();

          const copy = await openStore(target.url);
          const { fields: definitions, tags } = wanted;
          await applyInstance(
            copy,
            { ...(definitions && { fields: definitions }), ...(tags && { tags }) },
            options,
          );
          const reader = await openSource(source.url);
          for (const section of fileSections) {
            const file = join(folder, `${section}.${format}`);
            const rows = await exportRows(reader, section, layoutOf(section, schema));
            await writeFile(file, Readable.from(writeRows(rows, format, true)));
            await importSection(copy, { section, file, format });
          }
          expect(await exportInstance(copy)).toEqual(wanted);
          for (const section of fileSections)
            await importSection(copy, { section, file: join(folder, `${section}.${format}`), format });
          expect(await exportInstance(copy)).toEqual(wanted);
          await reader.close();
          await copy.close();
          await Promise.all([source.remove(), target.remove()]);
        }),
        { numRuns: engine.name === 'SQLite' ? 25 : 6 },
      );
    });
  });
});

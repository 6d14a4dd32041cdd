import { expect, it } from 'vitest';
import { leadFields } from '../../src/contract/described-fields.ts';
import type { ChannelStatus, Schema } from '../../src/rules/schema.ts';
import type { CaseContext } from './conformance.ts';
import { facts, field, opportunity, wanted, write } from './fixture.ts';

const channels: ReadonlyMap<string, readonly ChannelStatus[]> = new Map([
  [
    'Webinar',
    [
      {
        status: 'Registered',
        step: 20,
        success: false,
        attributes: new Map([
          ['Webinar Behavior', 'Registered'],
          ['2', 'b'],
          ['1', 'a'],
        ]),
      },
      { status: 'Attended', step: 20, success: true, attributes: new Map() },
    ],
  ],
  ['Blog', []],
]);

const customOf = ({ fields }: Schema) => fields.Lead.all.filter(({ custom }) => custom);

export function schemaCases({ engine, opened }: CaseContext): void {
  it('has the standard fields to begin with, and nothing else', async () => {
    const schema = await opened().store.schema();
    expect(schema.fields.Opportunity.all).toHaveLength(21);
    expect(schema.fields.OpportunityPersonRole.all).toHaveLength(6);
    expect(schema.fields.Lead.all.map(({ name }) => name)).toEqual(leadFields.map(({ name }) => name));
    expect(schema.fields.Company.all).toEqual([]);
    expect([schema.tags.size, schema.channels.size]).toEqual([0, 0]);
  });

  it('has a field that was defined, with all that defines it', async () => {
    const defined = field('aField', {
      displayName: 'A field',
      description: 'd',
      dataType: 'integer',
      size: 5,
      definedAt: '2026-01-01T00:00:00.000Z',
    });
    const pointing = field('aReference', { dataType: 'reference', references: 'Lead' });
    await write(opened().store, {
      newFields: [
        { owner: 'Opportunity', field: defined },
        { owner: 'Company', field: pointing },
      ],
    });
    const { fields } = await opened().store.schema();
    expect(fields.Opportunity.find('AFIELD')).toEqual(defined);
    expect(fields.Company.all).toEqual([pointing]);
  });

  it('has the last definition of a field, whatever the case of its name', async () => {
    const { store } = opened();
    await write(store, { newFields: [{ owner: 'Lead', field: field('a') }] });
    await write(store, { newFields: [{ owner: 'Lead', field: field('A', { size: 9 }) }] });
    expect(customOf(await store.schema())).toEqual([field('A', { size: 9 })]);
  });

  it('has no field that was removed', async () => {
    const { store } = opened();
    await write(store, { newFields: [{ owner: 'Lead', field: field('a') }] });
    await write(store, { removedFields: [{ owner: 'Lead', name: 'A' }] });
    expect(customOf(await store.schema())).toEqual([]);
  });

  it('keeps tags and channels in the order of their definition', async () => {
    const tags = new Map([
      ['Region', ['North', 'East', 'South']],
      ['Area', []],
    ]);
    await write(opened().store, { schema: { tags, channels } });
    const schema = await opened().store.schema();
    expect([...schema.tags]).toEqual([...tags]);
    expect([...schema.channels]).toEqual([...channels]);
    const attributes = schema.channels.get('Webinar')?.[0]?.attributes ?? [];
    expect([...attributes].map(([name]) => name)).toEqual(['Webinar Behavior', '2', '1']);
  });

  it('replaces tags and leaves channels when only tags are given', async () => {
    const { store } = opened();
    await write(store, { schema: { tags: new Map([['a', ['b']]]), channels } });
    await write(store, { schema: { tags: new Map([['c', ['d']]]) } });
    const schema = await store.schema();
    expect([...schema.tags]).toEqual([['c', ['d']]]);
    expect(schema.channels).toEqual(channels);
  });

  it('is seen by the next decision', async () => {
    const { store } = opened();
    await facts(store, {});
    await write(store, { newFields: [{ owner: 'Opportunity', field: field('new') }] });
    expect((await facts(store, {})).schema.fields.Opportunity.find('new')).toBeDefined();
  });

  it('is not changed by a decision that fails', async () => {
    const { store } = opened();
    const failing = write(store, {
      newFields: [{ owner: 'Opportunity', field: field('new') }],
      records: [opportunity(1), opportunity(1)],
    });
    await expect(failing).rejects.toThrow();
    expect((await store.lastSchema()).fields.Opportunity.find('new')).toBeUndefined();
    expect((await store.schema()).fields.Opportunity.find('new')).toBeUndefined();
    expect((await facts(store, {})).schema.fields.Opportunity.find('new')).toBeUndefined();
  });

  it.runIf(engine.isShared)(
    'is known as it was seen last without asking, until a transaction sees it anew',
    async () => {
      const second = await opened().another();
      try {
        const before = await second.schema();
        await write(opened().store, { newFields: [{ owner: 'Opportunity', field: field('new') }] });
        expect(await second.lastSchema()).toBe(before);
        const seen = (await facts(second, {})).schema;
        expect(seen.fields.Opportunity.find('new')).toBeDefined();
        expect(await second.lastSchema()).toBe(seen);
      } finally {
        await second.close();
      }
    },
  );

  it.runIf(engine.isShared)('changed by one process is seen by another', async () => {
    const second = await opened().another();
    try {
      expect((await second.schema()).fields.Opportunity.find('new')).toBeUndefined();
      await write(opened().store, { newFields: [{ owner: 'Opportunity', field: field('new') }] });
      expect((await second.schema()).fields.Opportunity.find('new')).toBeDefined();
      await second.apply(wanted(), ({ schema }) => {
        expect(schema.fields.Opportunity.find('new')).toBeDefined();
        return { changes: { records: [], looseKeys: [], newFields: [] }, answer: null, journal: null };
      });
    } finally {
      await second.close();
    }
  });

  it('is the same object as long as nothing changes', async () => {
    const { store } = opened();
    const before = await store.schema();
    await write(store, { records: [opportunity(1)] });
    expect((await facts(store, {})).schema).toBe(before);
  });
}

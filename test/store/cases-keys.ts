import { expect, it } from 'vitest';
import type { KeyedType } from '../../src/records/all.ts';
import type { FieldValue } from '../../src/records/field-values.ts';
import type { WantedKey } from '../../src/rules/facts.ts';
import type { Store } from '../../src/store/store.ts';
import type { CaseContext } from './conformance.ts';
import { changed, create, facts, field, lead, opportunity, role, write } from './fixture.ts';

const key = (name: string, value: string, type: KeyedType = 'Opportunity'): WantedKey => ({
  type,
  name,
  value,
});

async function holders(
  store: Store,
  wantedKey: WantedKey,
  depth = 10,
): Promise<readonly number[] | undefined> {
  return (await facts(store, { keys: [wantedKey], depth })).keys.get(wantedKey);
}

export function keyCases({ engine, opened }: CaseContext): void {
  const customField = (name: string) =>
    write(opened().store, { newFields: [{ owner: 'Opportunity', field: field(name) }] });

  it('find all holders, newest first, with their records', async () => {
    await create(opened().store, ...[2, 10, 1].map((id) => opportunity(id, { Name: 'n' })), opportunity(3));
    const found = await facts(opened().store, { keys: [key('name', 'n')] });
    expect(found.keys.get(key('name', 'n'))).toEqual([10, 2, 1]);
    expect(found.records.Opportunity.get(10)?.values.get('Name')).toBe('n');
  });

  it('find no more holders than the depth asks for', async () => {
    await create(opened().store, ...[1, 2, 3].map((id) => opportunity(id, { Name: 'n' })));
    expect(await holders(opened().store, key('name', 'n'), 2)).toEqual([3, 2]);
  });

  it('find nothing under a value, a name or a type that nothing has', async () => {
    await create(opened().store, opportunity(1, { Name: 'n' }));
    const asked = [key('name', 'N'), key('nome', 'n'), key('role', 'n', 'OpportunityPersonRole')];
    const found = await facts(opened().store, { keys: asked });
    expect(asked.map((each) => found.keys.get(each))).toEqual([[], [], []]);
  });

  it.each<[string, FieldValue, string]>([
    ['Amount', 501, '501'],
    ['Amount', 0.1, '0.1'],
    ['Probability', 80, '80'],
    ['IsWon', true, 'true'],
    ['IsWon', false, 'false'],
    ['CloseDate', '2013-06-30', '2013-06-30'],
    ['CompanyId', 7, '7'],
    ['customNumber', 12.5, '12.5'],
    ['customFlag', true, 'true'],
  ])('find %s %j written before and after the field was first asked for', async (name, value, text) => {
    await customField('customNumber');
    await customField('customFlag');
    await create(opened().store, opportunity(1, { [name]: value }));
    expect(await holders(opened().store, key(name.toLowerCase(), text))).toEqual([1]);
    await create(opened().store, opportunity(2, { [name]: value }));
    expect(await holders(opened().store, key(name.toLowerCase(), text))).toEqual([2, 1]);
  });

  it('find objects of a type with thousands of them that were written before', async () => {
    const many = Array.from({ length: 12_000 }, (_, index) =>
      opportunity(index + 1, { Name: `n${index % 6000}` }),
    );
    await create(opened().store, ...many);
    expect(await holders(opened().store, key('name', 'n5'))).toEqual([6006, 6]);
    expect(await holders(opened().store, key('name', 'n5999'))).toEqual([12_000, 6000]);
  });

  it('move with the value when it changes', async () => {
    const { store } = opened();
    await create(store, opportunity(1, { Name: 'a' }));
    await holders(store, key('name', 'a'));
    await create(store, changed(1, { Name: 'a' }, { Name: 'b' }));
    expect(await holders(store, key('name', 'a'))).toEqual([]);
    expect(await holders(store, key('name', 'b'))).toEqual([1]);
  });

  it('go with a value that is cleared', async () => {
    const { store } = opened();
    await create(store, opportunity(1, { Name: 'a' }));
    await holders(store, key('name', 'a'));
    await create(store, changed(1, { Name: 'a' }, {}));
    expect(await holders(store, key('name', 'a'))).toEqual([]);
  });

  it('go with a removed object, and come back with another of its id', async () => {
    const { store } = opened();
    await create(store, opportunity(1, { Name: 'a' }));
    await holders(store, key('name', 'a'));
    await create(store, changed(1, { Name: 'a' }, undefined));
    expect(await holders(store, key('name', 'a'))).toEqual([]);
    await create(store, opportunity(1, { Name: 'a' }));
    expect(await holders(store, key('name', 'a'))).toEqual([1]);
  });

  it('find a custom field that is created in the same decision as its first holder', async () => {
    await holders(opened().store, key('mykey', 'v'));
    await write(opened().store, {
      newFields: [{ owner: 'Opportunity', field: field('myKey') }],
      records: [opportunity(1, { myKey: 'v' })],
    });
    expect(await holders(opened().store, key('mykey', 'v'))).toEqual([1]);
  });

  it('find values of a field that was removed and is defined again', async () => {
    const { store } = opened();
    await customField('myKey');
    await create(store, opportunity(1, { myKey: 'v' }));
    await holders(store, key('mykey', 'v'));
    await write(store, {
      removedFields: [{ owner: 'Opportunity', name: 'MYKEY' }],
      records: [changed(1, { myKey: 'v' }, {})],
    });
    expect(await holders(store, key('mykey', 'v'))).toEqual([]);
    await customField('MyKey');
    await create(store, opportunity(2, { MyKey: 'v' }));
    expect(await holders(store, key('mykey', 'v'))).toEqual([2]);
  });

  it('go with an object that is removed together with their field', async () => {
    const { store } = opened();
    await customField('myKey');
    await create(store, opportunity(1, { myKey: 'v' }));
    await holders(store, key('mykey', 'v'));
    await write(store, {
      removedFields: [{ owner: 'Opportunity', name: 'myKey' }],
      records: [changed(1, { myKey: 'v' }, undefined)],
    });
    await customField('myKey');
    expect(await holders(store, key('mykey', 'v'))).toEqual([]);
  });

  it('find values under the new spelling of a field that is defined differently', async () => {
    const { store } = opened();
    await customField('myKey');
    await create(store, opportunity(1, { myKey: 'v' }));
    await holders(store, key('mykey', 'v'));
    await write(store, {
      newFields: [{ owner: 'Opportunity', field: field('MYKEY') }],
      records: [changed(1, { myKey: 'v' }, { MYKEY: 'w' })],
    });
    expect(await holders(store, key('mykey', 'v'))).toEqual([]);
    expect(await holders(store, key('mykey', 'w'))).toEqual([1]);
  });

  it('of a role are fields, too', async () => {
    await create(opened().store, role(1, { Role: 'Buyer', IsPrimary: true }));
    expect(await holders(opened().store, key('role', 'Buyer', 'OpportunityPersonRole'))).toEqual([1]);
    expect(await holders(opened().store, key('isprimary', 'true', 'OpportunityPersonRole'))).toEqual([1]);
  });

  it('of a lead are its fields and its email address', async () => {
    const { store } = opened();
    const fields = ['FSPID', 'With Space'].map((name) => ({ owner: 'Lead' as const, field: field(name) }));
    await write(store, { newFields: fields });
    const before = lead(1, { FSPID: 'P1', 'With Space': 'x', LeadScore: 5 }, 'a@example.com');
    await create(store, { type: 'Lead', before: undefined, after: before });
    expect(await holders(store, key('fspid', 'P1', 'Lead'))).toEqual([1]);
    expect(await holders(store, key('with space', 'x', 'Lead'))).toEqual([1]);
    expect(await holders(store, key('leadscore', '5', 'Lead'))).toEqual([1]);
    expect(await holders(store, key('email', 'a@example.com', 'Lead'))).toEqual([1]);
    expect(await holders(store, key('no field', 'x', 'Lead'))).toEqual([]);
    await create(store, { type: 'Lead', before, after: lead(1, { FSPID: 'P2' }, 'b@example.com') });
    expect(await holders(store, key('fspid', 'P1', 'Lead'))).toEqual([]);
    expect(await holders(store, key('with space', 'x', 'Lead'))).toEqual([]);
    expect(await holders(store, key('email', 'b@example.com', 'Lead'))).toEqual([1]);
  });

  it('of a lead go with it', async () => {
    const { store } = opened();
    await write(store, { newFields: [{ owner: 'Lead', field: field('FSPID') }] });
    const gone = lead(1, { FSPID: 'P1' }, 'a@example.com');
    await create(store, { type: 'Lead', before: undefined, after: gone });
    expect(await holders(store, key('fspid', 'P1', 'Lead'))).toEqual([1]);
    expect(await holders(store, key('email', 'a@example.com', 'Lead'))).toEqual([1]);
    await create(store, { type: 'Lead', before: gone, after: undefined });
    expect(await holders(store, key('fspid', 'P1', 'Lead'))).toEqual([]);
    expect(await holders(store, key('email', 'a@example.com', 'Lead'))).toEqual([]);
  });

  it('of a company are its external keys', async () => {
    const company = { id: 1, name: 'ACME', externalKeys: new Map([['cAccountFSID', 'C1']]) };
    await create(opened().store, { type: 'Company', before: undefined, after: company });
    expect(await holders(opened().store, key('caccountfsid', 'C1', 'Company'))).toEqual([1]);
    await create(opened().store, { type: 'Company', before: company, after: undefined });
    expect(await holders(opened().store, key('caccountfsid', 'C1', 'Company'))).toEqual([]);
  });

  const loose = (id: number, name: string, value: string) =>
    ({ type: 'Opportunity', id, name, value }) as const;

  it('that are loose find their object under their name without case', async () => {
    await write(opened().store, {
      records: [opportunity(1), opportunity(2)],
      looseKeys: [loose(1, 'Foreign Id', 'f'), loose(2, 'foreign id', 'f')],
    });
    expect(await holders(opened().store, key('foreign id', 'f'))).toEqual([2, 1]);
    expect((await opened().store.contents()).looseKeys).toEqual([
      loose(1, 'Foreign Id', 'f'),
      loose(2, 'foreign id', 'f'),
    ]);
  });

  it('that are loose have one value under a name: the last one', async () => {
    const { store } = opened();
    await write(store, { records: [opportunity(1)], looseKeys: [loose(1, 'F', 'a')] });
    await write(store, { looseKeys: [loose(1, 'f', 'b')] });
    expect(await holders(store, key('f', 'a'))).toEqual([]);
    expect(await holders(store, key('f', 'b'))).toEqual([1]);
  });

  it('that are loose stay when the object changes, and when a field of their name is defined', async () => {
    const { store } = opened();
    await write(store, { records: [opportunity(1)], looseKeys: [loose(1, 'F', 'a')] });
    await write(store, {
      newFields: [{ owner: 'Opportunity', field: field('F') }],
      records: [changed(1, {}, { F: 'a' })],
    });
    expect(await holders(store, key('f', 'a'))).toEqual([1]);
    await create(store, changed(1, { F: 'a' }, { F: 'b' }));
    expect(await holders(store, key('f', 'a'))).toEqual([1]);
    expect(await holders(store, key('f', 'b'))).toEqual([1]);
  });

  it('that are loose go when they are removed, and with their object', async () => {
    const { store } = opened();
    await write(store, {
      records: [opportunity(1), opportunity(2)],
      looseKeys: [loose(1, 'F', 'a'), loose(2, 'F', 'a')],
    });
    await write(store, {
      removedLooseKeys: [{ type: 'Opportunity', id: 2, name: 'f' }],
      records: [changed(1, {}, undefined)],
    });
    expect(await holders(store, key('f', 'a'))).toEqual([]);
    expect((await store.contents()).looseKeys).toEqual([]);
  });

  it('that are loose stay with an object of another type that has the id of a removed one', async () => {
    const { store } = opened();
    const ofRole = { ...loose(1, 'F', 'a'), type: 'OpportunityPersonRole' } as const;
    await write(store, {
      records: [opportunity(1), role(1, {})],
      looseKeys: [loose(1, 'F', 'a'), ofRole],
    });
    await create(store, changed(1, {}, undefined));
    expect((await store.contents()).looseKeys).toEqual([ofRole]);
  });

  it('that are loose are told of the loaded objects, if they are asked for', async () => {
    const { store } = opened();
    await write(store, {
      records: [opportunity(1), opportunity(2)],
      looseKeys: [loose(1, 'F', 'a'), loose(2, 'F', 'a')],
    });
    const asked = { ids: { Opportunity: [2] } };
    expect((await facts(store, { ...asked, looseKeys: true })).looseKeys).toEqual([loose(2, 'F', 'a')]);
    expect((await facts(store, asked)).looseKeys).toBeUndefined();
    expect((await facts(store, { all: ['Opportunity'], looseKeys: true })).looseKeys).toHaveLength(2);
  });

  it.runIf(engine.isShared)('are found by a second process, and followed by it', async () => {
    const second = await opened().another();
    try {
      await create(opened().store, opportunity(1, { Name: 'a' }));
      expect(await holders(second, key('name', 'a'))).toEqual([1]);
      await create(opened().store, changed(1, { Name: 'a' }, { Name: 'b' }));
      expect(await holders(second, key('name', 'b'))).toEqual([1]);
      expect(await holders(second, key('name', 'a'))).toEqual([]);
    } finally {
      await second.close();
    }
  });
}

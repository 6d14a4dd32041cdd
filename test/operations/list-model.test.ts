import fc from 'fast-check';
import { expect, it } from 'vitest';
import { overAllStores } from '../store/test-engines.ts';
import { type ListFixture, openListFixture } from './list-fixture.ts';

const addresses = [
  'bob@example.com',
  'cyd@example.com',
  'dan@example.com',
  'eve@example.com',
  'fay@example.com',
];
const address = fc.constantFrom(...addresses);
const list = fc.constantFrom('Newsletter', 'Spring Show.Guests');

const membership = fc.record({
  kind: fc.constantFrom('ADDTOLIST' as const, 'REMOVEFROMLIST' as const, 'ISMEMBEROFLIST' as const),
  list,
  addresses: fc.array(address, { maxLength: 4 }),
});

/** A cell with commas, quotes, line ends and outer blanks in it. */
const cell = fc
  .array(fc.constantFrom('a', 'B', ',', '"', ' ', '\n', '\r\n', 'é', '𝒳'), { maxLength: 6 })
  .map((parts) => parts.join(''))
  .filter((text) => text.trim() !== '' || text === '');

const imported = fc.record({
  kind: fc.constantFrom('UPSERTLEADS' as const, 'LISTONLY' as const),
  clearList: fc.boolean(),
  rows: fc.array(fc.record({ address: fc.option(address, { nil: '', freq: 6 }), firstName: cell }), {
    maxLength: 5,
  }),
});

const steps = fc.array(fc.oneof(membership, imported), { minLength: 1, maxLength: 8 });

const quoted = (text: string) => (/^\w*$/.test(text) ? text : ` "${text.replaceAll('"', '""')}"  `);

/** Lists and imports as simply as they can be written. Each address has one lead at most. */
class Naive {
  readonly leads = new Map<string, string | null>([
    ['bob@example.com', null],
    ['cyd@example.com', null],
  ]);
  readonly lists = new Map<string, Set<string>>([
    ['Newsletter', new Set()],
    ['Spring Show.Guests', new Set()],
  ]);
  operate({
    kind,
    list: name,
    addresses: asked,
  }: typeof membership extends fc.Arbitrary<infer T> ? T : never) {
    const members = this.lists.get(name) as Set<string>;
    return asked.map((each) => {
      if (!this.leads.has(each)) return false;
      if (kind === 'ADDTOLIST') members.add(each);
      return kind === 'REMOVEFROMLIST' ? members.delete(each) : members.has(each);
    });
  }
  import({ kind, clearList, rows }: typeof imported extends fc.Arbitrary<infer T> ? T : never) {
    const members = this.lists.get('Spring Show.Guests') as Set<string>;
    if (clearList) members.clear();
    const counts = { estimatedRows: rows.length, rowsImported: 0, rowsFailed: 0, rowsIgnored: 0 };
    for (const { address: to, firstName } of rows) {
      if (to === '') counts.rowsFailed += 1;
      else if (kind === 'LISTONLY' && !this.leads.has(to)) counts.rowsIgnored += 1;
      else {
        if (kind === 'UPSERTLEADS') this.leads.set(to, firstName || (this.leads.get(to) ?? null));
        members.add(to);
        counts.rowsImported += 1;
      }
    }
    return counts;
  }
}

/** All leads and members as the store has them, in the form of the model. */
async function stored({ all }: ListFixture): Promise<{ leads: object; lists: string[][] }> {
  const leads = (await all('Lead')).filter(({ email }) => email !== null && addresses.includes(email));
  const emails = new Map(leads.map(({ id, email }) => [id, email ?? '']));
  const members = await all('ListMember');
  const of = (id: number) =>
    members.flatMap(({ listId, leadId }) => (listId === id ? (emails.get(leadId) ?? []) : [])).sort();
  return {
    leads: Object.fromEntries(leads.map(({ email, values }) => [email, values.get('FirstName') ?? null])),
    lists: [of(21), of(22)],
  };
}

await overAllStores((source) => {
  it('lists and imports end as in a naive model', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (given) => {
        const fixture = await openListFixture(source);
        const model = new Naive();
        try {
          for (const step of given) {
            if ('list' in step) {
              const keys = step.addresses.map((keyValue) => ({ keyType: 'EMAIL' as const, keyValue }));
              const { answer } = await fixture.call('listOperation', {
                listOperation: step.kind,
                listKey: { keyType: 'MKTOLISTNAME', keyValue: step.list },
                listMemberList: { leadKey: keys },
              });
              const expected = model.operate(step);
              const success = expected.every((each) => each);
              expect(answer.result.success).toBe(success);
              const listed = answer.result.statusList?.leadStatus?.map(({ status }) => status);
              expect(listed).toEqual(success && step.kind !== 'ISMEMBEROFLIST' ? undefined : expected);
            } else {
              await fixture.call('importToList', {
                programName: 'Spring Show',
                listName: 'Guests',
                importFileHeader: 'Email Address,First Name',
                importFileRows: {
                  stringItem: step.rows.map((row) => `${row.address},${quoted(row.firstName)}`),
                },
                importListMode: step.kind,
                clearList: step.clearList,
              });
              const status = await fixture.call('getImportToListStatus', { listName: 'Guests' });
              expect(status.answer.result).toMatchObject(model.import(step));
            }
          }
          const naive = {
            leads: Object.fromEntries(model.leads),
            lists: [...model.lists.values()].map((each) => [...each].sort()),
          };
          expect(await stored(fixture)).toEqual(naive);
        } finally {
          await fixture.store.close();
        }
      }),
      { numRuns: source.name === 'PostgreSQL' ? 20 : 100 },
    );
  });
});

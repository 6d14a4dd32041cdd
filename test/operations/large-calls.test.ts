import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Received } from '../../src/contract/messages.ts';
import { overBothEngines } from '../store/test-engines.ts';
import { openSyncFixture, type SyncFixture } from './sync-fixture.ts';

/** The longest that the event loop may be kept, in milliseconds of CPU time, which other processes do not lengthen. */
const LONGEST = 1000;
const COSTS = 60_000;

/** Returns the CPU time of this thread so far, in milliseconds. */
function cpuTime(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

const instance = {
  tags: { Big: Array.from({ length: 2000 }, (_, index) => `value number ${index}`) },
  programs: [
    {
      id: 1,
      name: 'p',
      costs: Array.from({ length: COSTS }, (_, index) => ({ id: index + 1, month: '2013-06', amount: 1 })),
    },
  ],
  lists: [{ name: 'l', program: 'p' }],
};

await overBothEngines((engine) => {
  let fixture: SyncFixture;
  beforeAll(async () => {
    fixture = await openSyncFixture(engine, instance, { unknownFields: 'create', externalKeys: 'any' });
  }, 60_000);
  afterAll(() => fixture.store.close());

  const attribs = (values: Record<string, string>) => ({
    attrib: Object.entries(values).map(([name, value]) => ({ name, value })),
  });
  const program = (items: [string, Record<string, string>][]): Received<'MObject'> => ({
    type: 'Program',
    id: 1,
    typeAttribList: {
      typeAttrib: items.map(([attrType, values]) => ({ attrType, attrList: attribs(values) })),
    },
  });

  /** Returns the most CPU time that this thread took between two turns of the event loop, in milliseconds. */
  async function longestStall(work: () => Promise<unknown>): Promise<number> {
    let last = cpuTime();
    let longest = 0;
    const look = () => {
      const now = cpuTime();
      longest = Math.max(longest, now - last);
      last = now;
    };
    const timer = setInterval(look, 1);
    try {
      await work();
      look();
    } finally {
      clearInterval(timer);
    }
    return longest;
  }

  const many = <Item>(count: number, item: (index: number) => Item) =>
    Array.from({ length: count }, (_, index) => item(index));

  describe('a call keeps the event loop for a short time only', () => {
    it('with thousands of costs by id, of a program that has more', async () => {
      const costs = many(16_000, (index): [string, Record<string, string>] => [
        'Cost',
        { Id: String(COSTS - index), Month: '2020-01', Amount: String(index) },
      ]);
      let rows: unknown;
      const stall = await longestStall(async () => {
        rows = await fixture.sync('UPDATE', [program(costs)]);
      });
      expect(rows).toEqual([{ id: 1, status: 'UPDATED' }]);
      expect(stall).toBeLessThan(LONGEST);
    });

    it('with a hundred rows that each add a cost to a program of very many', async () => {
      const rows = many(100, (index) => program([['Cost', { Month: '2020-01', Amount: String(index) }]]));
      expect(await longestStall(() => fixture.sync('UPDATE', rows))).toBeLessThan(LONGEST);
    });

    it('with thousands of tags of a type that has thousands of values', async () => {
      const tags = many(22_000, (): [string, Record<string, string>] => [
        'Tag',
        { Type: 'big', Value: 'VALUE number 1999' },
      ]);
      expect(await longestStall(() => fixture.sync('UPDATE', [program(tags)]))).toBeLessThan(LONGEST);
    });

    it('with thousands of attributes and of associations', async () => {
      const attrib = many(33_000, (index) => ({ name: `u${index}`, value: 'x' }));
      const mObjAssociation = many(33_000, () => ({ mObjType: 'Company', id: 5 }));
      const row = { type: 'Opportunity', attribList: { attrib }, associationList: { mObjAssociation } };
      expect(await longestStall(() => fixture.sync('INSERT', [row]))).toBeLessThan(LONGEST);
    });

    it('with texts of a megabyte where names are expected', async () => {
      const long = 'x'.repeat(1_000_000);
      const key = { name: long, value: long };
      const rows = many(16, (index) => ({
        type: index % 2 ? long : 'Opportunity',
        externalKey: key,
        attribList: attribs({ [long]: long }),
      }));
      expect(await longestStall(() => fixture.sync('INSERT', rows))).toBeLessThan(LONGEST);
    });

    it('with thousands of tag types that are asked for', async () => {
      const tag = many(100_000, (index) => ({ type: `t${index}`, values: { stringItem: ['a'] } }));
      const stall = await longestStall(() => fixture.call('getTags', { tagList: { tag } }));
      expect(stall).toBeLessThan(LONGEST);
    });

    it('with hundreds of thousands of lead keys', async () => {
      const stringItem = many(190_000, (index) => `id:&%20a${index}%FF`);
      const leadSelector = {
        $type: 'LeadKeySelector' as const,
        keyType: 'COOKIE' as const,
        keyValues: { stringItem },
      };
      expect(await longestStall(() => fixture.call('getMultipleLeads', { leadSelector }))).toBeLessThan(
        LONGEST,
      );
    });

    const importing = (stringItem: readonly string[]) =>
      fixture.call('importToList', {
        programName: 'p',
        listName: 'l',
        importFileHeader: 'Email Address',
        importFileRows: { stringItem: [...stringItem] },
        importListMode: 'LISTONLY',
      });

    it('with megabytes of blank lines to import', async () => {
      const blank = many(15, () => '\n'.repeat(1_000_000));
      expect(await longestStall(() => importing(blank))).toBeLessThan(LONGEST);
    }, 60_000);

    it('with megabytes of quoted cells to import', async () => {
      const quoted = many(450, () => `"${'""'.repeat(16_000)}"`);
      expect(await longestStall(() => importing(quoted))).toBeLessThan(LONGEST);
    }, 60_000);
  });

  it('a row with too many associations is FAILED, and says how many it may have', async () => {
    const mObjAssociation = many(51, () => ({ mObjType: 'Company', id: 5 }));
    const [row] = await fixture.sync('INSERT', [
      { type: 'Opportunity', associationList: { mObjAssociation } },
    ]);
    expect(row).toMatchObject({ status: 'FAILED', error: expect.stringContaining('at most 50') });
  });
});

import { expect, it } from 'vitest';
import { leadKind } from '../../src/bulk/kinds/lead.ts';
import { areRepeatable } from '../../src/bulk/kinds/record-kind.ts';

const row = (values: Record<string, string>, id?: number) => {
  const cells = { id, externalKey: undefined, comparedKey: '', values, associations: [], size: 0 };
  const made = leadKind.make(cells, { operation: 'UPSERT', findsByEmail: true });
  if ('problem' in made) throw new Error(made.problem);
  return made;
};

const byAddress = row({ Email: 'a@example.com' });
const byId = row({ Email: 'b@example.com' }, 5);
const byForeignId = row({ Email: 'c@example.com', ForeignSysPersonId: 'F1' });

it.each([
  ['by address', [byAddress, row({ Email: 'd@example.com' })], true],
  ['by id', [byId, row({}, 6)], true],
  ['by foreign id', [byForeignId, row({ ForeignSysPersonId: 'F2' })], true],
  ['by id and by foreign id, which may move to that lead', [byId, byForeignId], false],
  ['by address and by id, which may change that address', [byAddress, byId], false],
  ['by address and by foreign id', [byAddress, byForeignId], false],
])('a call with leads found %s can be sent twice: %s', (_how, rows, expected) => {
  expect(areRepeatable(rows)).toBe(expected);
});

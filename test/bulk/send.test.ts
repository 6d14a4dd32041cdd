import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { InputError } from '../../src/bulk/input.ts';
import { leadKind } from '../../src/bulk/kinds/lead.ts';
import type { ReadyRow } from '../../src/bulk/read-row.ts';
import { sendRows } from '../../src/bulk/send.ts';

function rowOf(row: number): ReadyRow {
  const values = { Email: `lead${row}@example.com` };
  const cells = { id: undefined, externalKey: undefined, comparedKey: '', values, associations: [], size: 0 };
  const made = leadKind.make(cells, { operation: 'UPSERT', findsByEmail: true });
  if ('problem' in made) throw new Error(made.problem);
  return { ...made, row, line: row + 1, key: '', size: 1 };
}

it('waits for the calls under way if the input cannot be read further', async () => {
  const outcomes: number[] = [];
  async function* rows(): AsyncGenerator<ReadyRow> {
    yield rowOf(1);
    yield rowOf(2);
    throw new InputError('line 4 is too long');
  }
  const sending = sendRows(rows(), {
    rowsPerCall: 1,
    concurrency: 2,
    resendUnknown: false,
    signal: new AbortController().signal,
    async send(sent) {
      await setTimeout(100);
      return sent.map(() => ({ status: 'CREATED', id: 1 }));
    },
    async mark() {},
    done: (answered) => outcomes.push(...answered.map(({ row }) => row)),
    paused() {},
  });
  await expect(sending).rejects.toThrow('line 4 is too long');
  expect(outcomes).toEqual([1, 2]);
});

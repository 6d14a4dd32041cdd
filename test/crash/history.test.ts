import { describe, expect, it } from 'vitest';
import type { MObjectRecord } from '../../src/records/all.ts';
import { fieldValues } from '../../src/records/field-values.ts';
import type { KeptJournalEntry, StoreContents } from '../../src/store/store.ts';
import { brokenPromises, type CallRecord, KEY_FIELD, MARK_FIELD } from './history.ts';

const record = (id: number, mark: string, key?: string): MObjectRecord => {
  const values = fieldValues('Opportunity', [[MARK_FIELD, mark]]);
  if (key !== undefined) values.set(KEY_FIELD, key);
  return { id, createdAt: '', updatedAt: '', values };
};
const contents = (...opportunities: MObjectRecord[]) =>
  ({ opportunities, leads: [] }) as unknown as StoreContents;
const journal = (...ids: number[]) =>
  [
    { rows: ids.map((id) => ({ type: 'Opportunity', id, status: 'CREATED' })) },
  ] as unknown as KeptJournalEntry[];
const call = (name: string, more: Partial<CallRecord>): CallRecord => ({
  name,
  kind: 'insert',
  group: 0,
  size: 1,
  began: 1,
  ended: 9,
  outcome: 'unknown',
  created: [],
  ...more,
});

describe('the check of a history finds', () => {
  it('nothing wrong in what is right', () => {
    const calls = [
      call('a', { size: 2, ended: 2, outcome: 'acknowledged', created: [1, 2] }),
      call('b', { kind: 'upsert', began: 3, ended: 4, outcome: 'acknowledged', created: [3] }),
      call('never answered', { began: 5 }),
    ];
    const store = contents(record(1, 'a'), record(2, 'a'), record(3, 'b', 'g0:0'));
    expect(brokenPromises(calls, store, journal(1, 2, 3))).toEqual([]);
  });

  it.each<[string, CallRecord[], MObjectRecord[], number[], string]>([
    ['a lost insert', [call('a', { ended: 2, outcome: 'acknowledged' })], [], [], 'acknowledged and is lost'],
    [
      'a refused insert',
      [call('a', { outcome: 'refused' })],
      [record(1, 'a')],
      [1],
      'a was refused and is there',
    ],
    [
      'a refused upsert',
      [call('a', { kind: 'upsert', outcome: 'refused' })],
      [record(1, 'a', 'g0:0')],
      [1],
      'a was refused and is there',
    ],
    ['an upsert of nobody', [], [record(1, 'a', 'g0:0')], [1], 'which no call wrote'],
    ['a torn insert', [call('a', { size: 2 })], [record(1, 'a')], [1], 'is torn: 1 of 2'],
    [
      'a lost id',
      [call('a', { kind: 'upsert', ended: 2, outcome: 'acknowledged', created: [7] })],
      [],
      [],
      'id 7, which is not there',
    ],
    [
      'an id given twice',
      [call('a', { created: [1] }), call('b', { created: [1] })],
      [record(1, 'a')],
      [1],
      'to a and to b',
    ],
    [
      'a key with two objects',
      [],
      [record(1, 'a', 'g0:0'), record(2, 'a', 'g0:0')],
      [1, 2],
      'key with two objects',
    ],
    ['a torn upsert', [], [record(1, 'a', 'g0:0'), record(2, 'b', 'g0:1')], [1, 2], 'torn between a and b'],
    [
      'a lost update',
      [
        call('old', { kind: 'upsert', began: 1, ended: 2, outcome: 'acknowledged' }),
        call('new', { kind: 'upsert', began: 3, ended: 4, outcome: 'acknowledged' }),
      ],
      [record(1, 'old', 'g0:0')],
      [1],
      'new was acknowledged after old',
    ],
    ['an object that the journal has not', [], [record(1, 'a')], [], 'the journal has 0 objects created'],
    ['an object that only the journal has', [], [], [1], 'the journal has Opportunity 1'],
  ])('%s', (_case, calls, records, ids, text) => {
    expect(brokenPromises(calls, contents(...records), journal(...ids)).join('\n')).toContain(text);
  });
});

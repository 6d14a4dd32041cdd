import Type from 'typebox';
import type { JournalRow, JournalValue } from '../rules/facts.ts';
import { closed, orNull } from './route.ts';

const value = Type.Union([
  Type.String(),
  Type.Number(),
  Type.Boolean(),
  Type.Null(),
  closed({ month: Type.String(), amount: Type.Number(), note: orNull(Type.String()) }, 'a cost'),
]);

/** A value that a row changed. */
export const shownChange = closed({
  name: Type.String({ description: 'of the field, cost or tag' }),
  before: value,
  after: value,
  cut: Type.Boolean({ description: 'the values were too long to be kept, or are not kept' }),
});

export interface ShownChange {
  readonly name: string;
  readonly before: JournalValue;
  readonly after: JournalValue;
  readonly cut: boolean;
}

/** Shows what a row of the journal changed. */
export const changesOf = ({ changed = [], before = [], after = [] }: JournalRow): ShownChange[] =>
  changed.map((name, index) => ({
    name,
    before: before[index] ?? null,
    after: after[index] ?? null,
    cut: index >= before.length && index >= after.length,
  }));

import { planDefinitions, standardSchema } from './definitions.ts';
import { locate } from './locate.ts';
import { mistakeList, type PlacedMistake } from './mistakes.ts';
import { type ParsedInstance, parseInstance } from './parse.ts';
import { readRecords } from './read.ts';
import { programsIn } from './reading.ts';
import type { Instance } from './shape.ts';

export type { Instance, PlacedMistake };

export interface CheckOptions {
  /** IANA time zone of datetimes without an offset. */
  readonly timeZone?: string;
  /**
   * True if the file must be self-contained. If false, it may refer to fields, tags, channels and records that
   * `applyInstance` then looks up in the store.
   */
  readonly alone?: boolean;
}

/**
 * Parses and checks an instance file: JSON, shape, characters, ids, names, references, values. Reports all mistakes in
 * the order of the file. Those that may be consequences of another one are left out.
 */
export function checkInstance(
  text: string,
  { timeZone = 'UTC', alone = true }: CheckOptions = {},
): { readonly instance: Instance } | { readonly mistakes: readonly PlacedMistake[] } {
  const file = parseInstance(text);
  const mistakes = [...file.mistakes, ...file.independent(mistakesOfMeaning(file, timeZone, alone))];
  return mistakes.length > 0 ? { mistakes: locate(text, mistakes) } : { instance: file.instance };
}

function mistakesOfMeaning(
  { instance, isComplete, mayHave }: ParsedInstance,
  timeZone: string,
  alone: boolean,
) {
  const mistakes = mistakeList();
  const now = new Date(0).toISOString();
  const { schema } = planDefinitions(instance, standardSchema, { mode: 'make' }, now, mistakes);
  readRecords(
    instance,
    {
      schema,
      timeZone,
      isComplete: (section) => alone && isComplete(section),
      exists: (type, id) => !alone || mayHave(type, id),
      programsNamed: programsIn(instance),
      hasWorkspace: () => false,
      objectType: () => undefined,
      exact: false,
      searched: 'in the file',
    },
    mistakes,
  );
  return mistakes.all;
}

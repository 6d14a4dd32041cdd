import { parseArgs } from 'node:util';
import { otherTargets, targets } from './targets.ts';
import { type Case, cases } from './work.ts';

/** What is asked for on the command line (bench/README.md). */
export interface BenchOptions {
  readonly rounds: number;
  /** Of each measurement. */
  readonly seconds: number;
  readonly targets: readonly string[];
  readonly cases: readonly Case[];
  readonly growth: readonly number[];
  readonly base: string | undefined;
  /** Whether RESULTS.md and results.json are written. */
  readonly write: boolean;
}

export function readOptions(): BenchOptions {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      targets: { type: 'string' },
      cases: { type: 'string' },
      seconds: { type: 'string' },
      rounds: { type: 'string' },
      growth: { type: 'string' },
      base: { type: 'string' },
      'no-write': { type: 'boolean', default: false },
    },
  });
  const { quick, base } = values;
  const known = targets.map(({ name }) => name);
  const others = otherTargets.map(({ name }) => name);
  return {
    rounds: positive('rounds', values.rounds ?? (quick ? '3' : '7')),
    seconds: positive('seconds', values.seconds ?? (quick ? '0.5' : '2')),
    targets: list('targets', values.targets, [...known, ...others], base === undefined ? known : ['mktows']),
    cases: list('cases', values.cases, cases, cases),
    growth: (values.growth?.split(',') ?? []).map((text) => positive('growth', text)),
    base,
    write: !values['no-write'],
  };
}

/** The number of an option. */
export function positive(option: string, text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new Error(`--${option} ${text}: expected a number above 0`);
  return value;
}

function list<Name extends string>(
  option: string,
  text: string | undefined,
  known: readonly Name[],
  usual: readonly Name[],
): readonly Name[] {
  if (text === undefined) return usual;
  return text.split(',').map((name) => {
    const found = known.find((each) => each === name.trim());
    if (found === undefined) throw new Error(`--${option} ${name}: expected some of ${known.join(', ')}`);
    return found;
  });
}

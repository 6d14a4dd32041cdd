import { operationNames } from '../contract/operations.ts';
import { type OptionDeclarations, option, optionalOption, switchOption } from './option.ts';
import * as value from './option-values.ts';

export const journalOptions = {
  failed: switchOption('--failed', 'only calls that ended with a fault, and rows that FAILED'),
  since: optionalOption(
    '--since <time>',
    since,
    'only calls since then: 30m, 2h, 1d, or ISO 8601 such as 2026-11-27T08:00:00Z',
  ),
  // MKTOWS_USER signs calls: it would silently hide those of others.
  user: { ...optionalOption('--user <id>', value.text, 'only calls of this user'), isArgumentOnly: true },
  operation: optionalOption(
    '--operation <name>',
    value.choice(operationNames),
    'only calls of this operation',
  ),
  call: optionalOption('--call <id>', value.text, 'only the call of this id, which log and answer name'),
  limit: option('--limit <number>', value.integer(1, 1_000_000), '100', 'calls at most: the newest'),
  follow: switchOption('--follow', 'go on with calls as they come, until Ctrl-C'),
  format: option(
    '--format <format>',
    value.choice(['table', 'json']),
    'table',
    'json: an object a line for each call',
  ),
} as const satisfies OptionDeclarations;

const units: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Reads a time, or a duration before now; as UTC in the form of the journal. */
function since(written: string): string {
  const [, number, unit = ''] = /^(\d{1,6})\s*([smhd])$/.exec(written) ?? [];
  const time = number === undefined ? Date.parse(written) : Date.now() - Number(number) * (units[unit] ?? 0);
  if (Number.isNaN(time))
    throw new RangeError('Expected 30m, 2h, 1d or a time such as 2026-11-27T08:00:00Z.');
  return new Date(time).toISOString();
}

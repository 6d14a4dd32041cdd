import { type OptionDeclarations, option } from './option.ts';
import * as value from './option-values.ts';

/** The options of `serve` for what the journal keeps. */
export const journalKeepingOptions = {
  journalValues: option(
    '--journal-values <which>',
    value.choice(['on', 'off']),
    'on',
    'whether the journal keeps the values before and after each change, up to 200 characters of each, those of deleted objects, and names; off: only the names of the fields that changed',
  ),
  journalBodies: option(
    '--journal-bodies <which>',
    value.choice(['off', 'failed', 'all']),
    'failed',
    'requests and answers that are kept, without signatures and up to 256 KiB of each: none, those of calls with a fault or a FAILED row, or all, which costs time in each call',
  ),
  journalBodiesSize: option(
    '--journal-bodies-size <mib>',
    value.positive(1_048_576),
    '256',
    'how much of the database they may take, in MiB; the oldest are removed. They are also removed with their calls (--journal-days)',
  ),
} as const satisfies OptionDeclarations;

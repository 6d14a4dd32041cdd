import type { Association, ExternalKey } from '../client/objects.ts';
import type { Comparison, Criterion } from '../client/query.ts';
import { MAX_ID } from '../contract/fields.ts';
import {
  listOption,
  type OptionDeclaration,
  type OptionDeclarations,
  option,
  optionalOption,
} from './option.ts';
import * as value from './option-values.ts';
import { rowFormats } from './row-formats.ts';
import { endpointOptions } from './sync-options.ts';

/** An option that may be given often, and whose argument is not split at commas. */
const repeated = <Value>(
  flags: string,
  parse: (text: string) => Value,
  description: string,
): OptionDeclaration<readonly Value[]> => ({
  flags,
  default: undefined,
  description,
  parse: (text) => [parse(text)],
  repeatable: true,
});

const format = option('--format <format>', value.choice(rowFormats), 'table', 'how they are printed');

const key = optionalOption('--key <name=value>', readKey, 'the object that has this external key');

export const getOptions = {
  ...endpointOptions,
  id: optionalOption('--id <number>', value.integer(1, MAX_ID), 'the object of this id'),
  email: optionalOption('--email <address>', (text) => text, 'the leads that have this address'),
  key,
  where: repeated(
    '--where <condition>',
    readCriterion,
    'a condition such as "Amount>=1000": =, !=, <, <=, > or >=. May be given often; all must hold',
  ),
  association: repeated(
    '--association <type.key=value>',
    readAssociation,
    'an object that they belong to, such as Company.id=5 or Lead.Email=a@example.com',
  ),
  limit: optionalOption(
    '--limit <number>',
    value.integer(1, 1_000_000_000),
    'objects at most (default: all)',
  ),
  format,
} as const satisfies OptionDeclarations;

export const describeOptions = { ...endpointOptions, format } as const satisfies OptionDeclarations;

export const deleteOptions = {
  ...endpointOptions,
  id: listOption('--id <numbers>', value.integer(1, MAX_ID), 'ids, separated by commas'),
  key: repeated('--key <name=value>', readKey, 'an external key; may be given often'),
  format,
} as const satisfies OptionDeclarations;

/** Reads `Name=value`. */
function readKey(written: string): ExternalKey {
  const at = written.indexOf('=');
  if (at < 1) throw new RangeError('Expected name=value, such as FSOpportunityID=O64.');
  return { name: written.slice(0, at).trim(), value: written.slice(at + 1) };
}

const comparisons: Readonly<Record<string, Comparison>> = {
  '=': 'EQ',
  '!=': 'NE',
  '<': 'LT',
  '<=': 'LE',
  '>': 'GT',
  '>=': 'GE',
};

function readCriterion(written: string): Criterion {
  const [, name = '', sign = '', wanted = ''] =
    /^([^=!<>]+?)\s*(!=|<=|>=|=|<|>)\s*(.*)$/s.exec(written) ?? [];
  const comparison = comparisons[sign];
  if (comparison === undefined) throw new RangeError('Expected a condition such as "Amount>=1000".');
  return { name: name.trim(), comparison, value: wanted };
}

function readAssociation(written: string): Association {
  const [, type = '', name = '', found = ''] =
    /^(Company|Lead|Opportunity)\.([^=]+)=(.+)$/s.exec(written) ?? [];
  if (name === '') throw new RangeError('Expected Company.id=5, Lead.Email=a@example.com or the like.');
  const target = type as Association['type'];
  if (name.toLowerCase() !== 'id') return { type: target, externalKey: { name, value: found } };
  return { type: target, id: value.integer(1, MAX_ID)(found) };
}

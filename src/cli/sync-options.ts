import { inputFormats } from '../bulk/input.ts';
import { type Mapping, readMapping } from '../bulk/mapping.ts';
import { bulkTypes, otherTypeNames } from '../bulk/types.ts';
import {
  type OptionDeclaration,
  type OptionDeclarations,
  option,
  optionalOption,
  switchOption,
} from './option.ts';
import * as value from './option-values.ts';

const mapOption: OptionDeclaration<readonly Mapping[]> = {
  flags: '--map <header=field>',
  default: undefined,
  description:
    'what a column is: a field, id, or an association such as Company.id or Lead.Email; nothing leaves it out. May be given often; without it names and display names of fields are understood',
  parse: (text) => [readMapping(text)],
  repeatable: true,
};

/** Options of commands that call a server. */
export const endpointOptions = {
  endpoint: option(
    '--endpoint <url>',
    value.httpUrl,
    'http://127.0.0.1:8980/soap/mktows/2_7',
    'the SOAP endpoint of the server',
  ),
  user: optionalOption('--user <id>', value.text, 'the user who signs the calls; required'),
  secret: optionalOption(
    '--secret <text>',
    value.text,
    "the user's secret; required. The process list shows it here, so better set MKTOWS_SECRET",
  ),
} as const satisfies OptionDeclarations;

export const syncOptions = {
  ...endpointOptions,
  type: option(
    '--type <type>',
    value.choice(bulkTypes, otherTypeNames),
    'Opportunity',
    `the type of all rows: ${value.alternatives(bulkTypes)}`,
  ),
  operation: optionalOption(
    '--operation <operation>',
    value.choice(['INSERT', 'UPDATE', 'UPSERT']),
    'INSERT skips what is there, UPDATE what is not, UPSERT, the default, does both. Leads take UPSERT only, programs UPDATE only, which is then the default',
  ),
  dedup: option(
    '--dedup <key>',
    value.choice(['email', 'none']),
    'email',
    'how leads without an id and a foreign id are looked for; none: each such row is a new lead',
  ),
  externalKey: optionalOption(
    '--external-key <column>',
    value.text,
    'the column whose values say which opportunity or role a row is; without it, and without a column Id, each row of an UPSERT is a new object',
  ),
  map: mapOption,
  unknown: option(
    '--unknown <action>',
    value.choice(['fail', 'skip', 'send']),
    'fail',
    'a column that is no field: ends the command, is left out, or is sent under its name to a server with --schema open',
  ),
  format: optionalOption(
    '--format <format>',
    value.choice(inputFormats),
    `the form of the file: ${inputFormats.join(', ')}; without it, as its name ends`,
  ),
  delimiter: optionalOption(
    '--delimiter <character>',
    value.delimiter,
    'what separates the values of CSV, or tab; without it the one of , ; tab | that the first line has most of',
  ),
  encoding: option(
    '--encoding <name>',
    value.encoding,
    'utf-8',
    'the encoding of the file, such as windows-1252; a byte order mark wins',
  ),
  dateFormat: optionalOption(
    '--date-format <tokens>',
    value.dateFormat,
    'how dates are written: yyyy, yy, M, MM, MMM, d, dd, H, h, mm, a, such as d/M/yyyy. Without it 2026-03-31, 3/31/2026, 31.3.2026 and 31-Mar-2026 are read',
  ),
  decimal: option(
    '--decimal <mark>',
    value.choice(['.', ',']),
    '.',
    'the decimal mark; the other one may separate thousands',
  ),
  empty: option(
    '--empty <action>',
    value.choice(['keep', 'clear']),
    'keep',
    'an empty value of CSV leaves the field as it is, or clears it; null of JSON always clears',
  ),
  concurrency: option(
    '--concurrency <number>',
    value.integer(1, 100),
    '4',
    'calls at once, of 100 rows, or 300 leads; rows of one record keep their order',
  ),
  timeout: option('--timeout <seconds>', value.positive(86_400), '60', 'how long a call may take'),
  results: optionalOption(
    '--results <file>',
    value.text,
    'write the outcome of each row to this CSV file; --resume needs it',
  ),
  resume: switchOption('--resume', 'go on with the rows that have no outcome in the results file'),
  resendUnknown: switchOption(
    '--resend-unknown',
    'also send rows again that may have been applied, and would then be there twice',
  ),
  dryRun: switchOption('--dry-run', 'read and check the whole file, and send nothing'),
} as const satisfies OptionDeclarations;

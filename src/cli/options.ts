import { inputFormats } from '../bulk/input.ts';
import { fileSections, sectionTypes } from '../records/all.ts';
import { fieldOwners } from '../rules/schema.ts';
import { defaultHttpCaps } from '../server/http-caps.ts';
import { logLevels } from '../server/log-level.ts';
import { defaultCaps } from '../wire/caps.ts';
import { adminOptions } from './admin-options.ts';
import { journalKeepingOptions } from './journal-keeping-options.ts';
import { journalOptions } from './journal-options.ts';
import { deleteOptions, describeOptions, getOptions } from './object-options.ts';
import { listOption, type OptionDeclarations, option, optionalOption, switchOption } from './option.ts';
import * as value from './option-values.ts';
import { explainOptions, signOptions } from './sign-options.ts';
import { endpointOptions, syncOptions } from './sync-options.ts';

const MIB = 1024 * 1024;

/** The environment variable with the key that encrypts secrets. It is no option, so that no process list shows it. */
export const keyVariable = {
  name: 'MKTOWS_KEY',
  description:
    'key that encrypts the stored secrets, 64 hex digits or base64 of 32 bytes; without it: --key-file',
} as const;

const database = option(
  '--database <url>',
  value.text,
  'sqlite:./mktows.db',
  'database URL: sqlite:<path>, created if missing, or postgres://<user>:<secret>@<host>/<database>, shared by any number of servers',
);

const existingDatabase = {
  ...database,
  description: 'URL of an existing database: sqlite:<path> or postgres://<user>:<secret>@<host>/<database>',
};

const keyFile = optionalOption(
  '--key-file <path>',
  value.text,
  'file of the key that encrypts the stored secrets (default: the database file with .key added); created when first needed, for its owner only. Without it the stored users are lost: back it up, but apart from the database',
);

const port = option('--port <number>', value.port, '8980', 'port to listen on; 0: any free one');

const logLevel = option(
  '--log-level <level>',
  value.choice(logLevels),
  'info',
  'what goes to standard error: silent, error, warn (also refused calls), info (also each call) or debug',
);

const config = optionalOption(
  '--config <file>',
  value.text,
  'TOML or JSON file of options: the names of those of serve, without dashes. The command line and the environment take precedence; other commands read only database, key-file, time-zone and admin-token-file',
);

export const storeOptions = { config, database: existingDatabase } as const satisfies OptionDeclarations;

const create = switchOption('--create', 'create the database if it does not exist');

const createdDatabase = {
  ...database,
  description:
    'the database: sqlite:<path> or postgres://<user>:<secret>@<host>/<database>; it must exist unless --create is given',
};

export const migrateOptions = {
  config,
  database: createdDatabase,
  create,
  status: switchOption('--status', 'only list the steps, done and pending; changes nothing'),
} as const satisfies OptionDeclarations;

export const copyOptions = {
  from: optionalOption(
    '--from <url>',
    value.text,
    'the database to copy, which is only read; required. Stop its servers first',
  ),
  to: optionalOption(
    '--to <url>',
    value.text,
    'the target: an empty database, a file that does not exist yet, or an unfinished copy of the same source; required',
  ),
} as const satisfies OptionDeclarations;

export const serveOptions = {
  config,
  port,
  host: option(
    '--host <address>',
    value.host,
    '127.0.0.1',
    'address to listen on; 0.0.0.0: all. Addresses other than loopback are reachable from other machines and need secrets of 10 characters or more',
  ),
  tlsCert: optionalOption(
    '--tls-cert <file>',
    value.text,
    'PEM file of a certificate and its chain, to serve HTTPS; needs --tls-key. Read again when it changes',
  ),
  tlsKey: optionalOption('--tls-key <file>', value.text, "PEM file of the certificate's key, not encrypted"),
  announce: option(
    '--announce <form>',
    value.choice(['text', 'json']),
    'text',
    'how the start is told on standard output: in lines for people, or as one line of JSON with endpoint, port and the credentials of a new user, for programs that start a server',
  ),
  database,
  user: optionalOption(
    '--user <id>',
    value.text,
    'a user who may call, in addition to the stored ones; not stored',
  ),
  secret: optionalOption(
    '--secret <text>',
    value.text,
    "that user's secret; the process list shows it, so prefer MKTOWS_SECRET",
  ),
  keyFile,
  instance: optionalOption(
    '--instance <file>',
    value.text,
    'instance file; what it holds is added at startup where it is missing',
  ),
  schema: option(
    '--schema <mode>',
    value.choice(['strict', 'open']),
    'strict',
    'strict: an unknown field or external key fails its row; open: both are accepted, as with --unknown-fields create --external-keys any, and unknown workspaces, static lists, campaigns and custom object types are defined. Open also accepts misspelt names',
  ),
  unknownFields: optionalOption(
    '--unknown-fields <action>',
    value.choice(['fail', 'create', 'ignore']),
    'what an attribute with an unknown name does: fail its row, create a custom field (at most 500 a type), or be ignored, so that its value is lost (default: as --schema)',
  ),
  externalKeys: optionalOption(
    '--external-keys <which>',
    value.choice(['known', 'any']),
    'known: an external key must name a field; any: it may have any name (default: as --schema)',
  ),
  emptyValues: option(
    '--empty-values <action>',
    value.choice(['keep', 'clear']),
    'keep',
    'what an empty value does in an update: keep the stored value, or clear it',
  ),
  deleteRoles: option(
    '--delete-roles <action>',
    value.choice(['keep', 'cascade']),
    'keep',
    "what happens to an opportunity's roles when it is deleted: keep them, or delete them, too",
  ),
  timeZone: option(
    '--time-zone <name>',
    value.timeZone,
    'UTC',
    'time zone of datetimes without an offset, and of those in answers',
  ),
  limits: option(
    '--limits <set>',
    value.choice(['off', 'marketo']),
    'off',
    'marketo: 10,000 calls a day, 100 in 20 s, 10 at once',
  ),
  limitDaily: optionalOption(
    '--limit-daily <number>',
    value.limit,
    'calls per day, from midnight US Central; a number or off, overrides --limits. Startup then counts the calls of the day in the journal',
  ),
  limitRate: optionalOption(
    '--limit-rate <number>',
    value.limit,
    'calls in 20 seconds; a number or off, overrides --limits',
  ),
  limitConcurrency: optionalOption(
    '--limit-concurrency <number>',
    value.limit,
    'calls at once; a number or off, overrides --limits',
  ),
  maxAge: option(
    '--max-age <minutes>',
    value.positive(525_600),
    '60',
    'how old the timestamp of a call may be; an overheard signature can be reused for as long',
  ),
  maxAhead: option(
    '--max-ahead <minutes>',
    value.positive(525_600),
    '10',
    "how far a timestamp may be ahead of the server's clock",
  ),
  allow: listOption(
    '--allow <addresses>',
    value.addressBlock,
    'addresses and blocks that may call and read the WSDL, separated by commas; without it, all may. Does not restrict /livez, /readyz and /metrics',
  ),
  trustProxy: listOption(
    '--trust-proxy <addresses>',
    value.proxy,
    'proxies whose X-Forwarded-* headers are trusted: addresses, blocks, loopback, linklocal, uniquelocal. They can claim any client address',
  ),
  maxBody: option(
    '--max-body <mib>',
    value.positive(1024),
    String(defaultCaps.maxBytes / MIB),
    'largest request body, in MiB, as sent and unpacked; each running call can use several times that memory',
  ),
  maxDepth: option(
    '--max-depth <number>',
    value.integer(8, 1_000),
    String(defaultCaps.maxDepth),
    'maximum nesting of elements; parsing time grows with its square',
  ),
  maxElements: option(
    '--max-elements <number>',
    value.integer(100, 100_000_000),
    String(defaultCaps.maxElements),
    'maximum elements in a call; each takes memory',
  ),
  maxAttributes: option(
    '--max-attributes <number>',
    value.integer(8, 10_000),
    String(defaultCaps.maxAttributes),
    'maximum XML attributes of an element',
  ),
  maxText: option(
    '--max-text <number>',
    value.integer(1_000, 500_000_000),
    String(defaultCaps.maxTextLength),
    'maximum characters of text in an element, and of the values of its attributes',
  ),
  maxBodies: option(
    '--max-bodies <mib>',
    value.positive(65_536),
    String(defaultHttpCaps.maxBodiesBytes / MIB),
    'memory for all request bodies, in MiB, not counting the first 128 KiB of each; a body beyond that gets fault 20024',
  ),
  maxAnswers: option(
    '--max-answers <mib>',
    value.positive(65_536),
    String(defaultHttpCaps.maxAnswersBytes / MIB),
    'memory for all answers that clients have not read yet, in MiB, not counting the first 128 KiB of each; an answer beyond that becomes fault 20024, unless its call changed something',
  ),
  maxHeaders: option(
    '--max-headers <kib>',
    value.integer(4, 1_024),
    String(defaultHttpCaps.maxHeaderBytes / 1024),
    'maximum HTTP headers of a request, in KiB; larger ones get status 431. Each connection can use that memory',
  ),
  maxConnections: option(
    '--max-connections <number>',
    value.integer(1, 1_000_000),
    String(defaultHttpCaps.maxConnections),
    'maximum connections. Beyond that the one idle for longest is closed; if calls are running on all, a new one gets fault 20024. Each takes a file descriptor',
  ),
  maxConnectionsPerAddress: option(
    '--max-connections-per-address <number>',
    value.integer(1, 1_000_000),
    String(defaultHttpCaps.maxConnectionsPerAddress),
    'the same per client address, except for proxies that --trust-proxy names; all clients behind any other proxy share it',
  ),
  headerTimeout: option(
    '--header-timeout <seconds>',
    value.positive(86_400),
    String(defaultHttpCaps.headerTime / 1000),
    'how long the headers of a request may take to arrive, before status 408',
  ),
  bodyTimeout: option(
    '--body-timeout <seconds>',
    value.positive(86_400),
    String(defaultHttpCaps.bodyTime / 1000),
    'how long a whole request may take to arrive, before status 408. Large bodies over slow lines need longer',
  ),
  idleTimeout: option(
    '--idle-timeout <seconds>',
    value.positive(86_400),
    String(defaultHttpCaps.idleTime / 1000),
    'how long an idle connection is kept open; set it longer than the idle timeout of a load balancer in front',
  ),
  answerTimeout: option(
    '--answer-timeout <seconds>',
    value.positive(86_400),
    String(defaultHttpCaps.answerTime / 1000),
    'how long a client may go without reading a byte of its answer before the connection is closed; applied changes remain',
  ),
  threads: option(
    '--threads <number>',
    value.choice(['auto', '1', '2']),
    'auto',
    'threads that handle calls. 2: while two calls are running, further ones go to a second thread, which starts then and takes about 50 MB; only with an SQLite file and without limits. auto: 2 if there are two processors',
  ),
  journalDays: option(
    '--journal-days <number>',
    value.integer(0, 36_500),
    '30',
    'how long the journal keeps calls; older ones are removed at startup and every hour. 0: forever, so the database grows with each call',
  ),
  ...journalKeepingOptions,
  activityDays: option(
    '--activity-days <number>',
    value.integer(0, 36_500),
    '0',
    'how long activities of leads are kept; older ones are removed at startup and every hour. 0: forever, so the database grows with each change of a lead',
  ),
  ...adminOptions,
  logLevel,
} as const satisfies OptionDeclarations;

export const demoOptions = {
  port,
  database: { ...database, default: 'sqlite:./mktows-demo.db' },
  adminTokenFile: adminOptions.adminTokenFile,
  once: switchOption('--once', 'exit after the calls, with status 0 if all answers are as expected'),
  logLevel: { ...logLevel, default: 'warn' },
} as const satisfies OptionDeclarations;

export const adminTokenOptions = {
  config,
  database,
  adminTokenFile: adminOptions.adminTokenFile,
  rotate: switchOption(
    '--rotate',
    'replace the token. Running servers accept only the new one then, and their sessions end',
  ),
} as const satisfies OptionDeclarations;

export const openOptions = {
  config,
  url: option('--url <url>', value.httpUrl, 'http://127.0.0.1:8980', 'any URL of the server'),
  database,
  adminTokenFile: adminOptions.adminTokenFile,
  print: switchOption('--print', 'print the address instead of starting a browser'),
} as const satisfies OptionDeclarations;

export const waitOptions = {
  url: option('--url <url>', value.httpUrl, 'http://127.0.0.1:8980', 'any URL of the server'),
  timeout: option('--timeout <seconds>', value.positive(86_400), '30', 'how long to wait'),
} as const satisfies OptionDeclarations;

export const userOptions = {
  config,
  database: createdDatabase,
  create,
  keyFile,
} as const satisfies OptionDeclarations;

export const userAddOptions = {
  ...userOptions,
  secret: optionalOption(
    '--secret <text>',
    value.text,
    'the secret, or - to read it from standard input; the process list shows it, so prefer - or MKTOWS_SECRET. Without it, one is generated and printed once',
  ),
  replace: switchOption('--replace', 'replace the secret of an existing user'),
} as const satisfies OptionDeclarations;

export const userRotateOptions = {
  ...storeOptions,
  keyFile: userOptions.keyFile,
  overlap: option(
    '--overlap <time>',
    value.duration,
    '24h',
    'how long the secret so far holds as well, such as 30m, 24h or 7d; 0: it ends at once',
  ),
  secret: userAddOptions.secret,
} as const satisfies OptionDeclarations;

export const checkOptions = {
  config,
  database: existingDatabase,
  keyFile: optionalOption(
    '--key-file <path>',
    value.text,
    "file of the key that encrypts the stored secrets (default: the database file with .key added, if it is there); without a key the users' secrets are not decrypted",
  ),
  json: switchOption('--json', 'print the results as one line of JSON'),
} as const satisfies OptionDeclarations;

export const backupOptions = {
  config,
  database: existingDatabase,
  to: optionalOption(
    '--to <file>',
    value.text,
    'the file to write: a new one, or an earlier backup, which is replaced; required',
  ),
} as const satisfies OptionDeclarations;

export const instanceApplyOptions = {
  config,
  database: createdDatabase,
  create,
  exact: switchOption('--exact', 'also remove what is not in the file'),
  timeZone: serveOptions.timeZone,
} as const satisfies OptionDeclarations;

export const instanceCheckOptions = {
  database: optionalOption(
    '--database <url>',
    value.text,
    'check the file together with the contents of this existing database; without it, on its own',
  ),
  timeZone: serveOptions.timeZone,
} as const satisfies OptionDeclarations;

/** `lead` → `leads`: the names of types that calls use, in lower case. */
const sectionsByType = Object.fromEntries(
  fileSections.map((section) => [sectionTypes[section].toLowerCase(), section] as const),
);

const recordSection = optionalOption(
  '--type <type>',
  value.choice(fileSections, sectionsByType),
  `the type of all rows: ${fileSections.join(', ')}; required`,
);

const formulas = (description: string) =>
  option('--formulas <action>', value.choice(['guard', 'keep']), 'guard', description);

export const importOptions = {
  config,
  database: createdDatabase,
  create,
  type: recordSection,
  externalKey: {
    ...syncOptions.externalKey,
    description:
      'the column whose values say which record a row is; without it, and without a column id, each row is a new record',
  },
  map: syncOptions.map,
  unknown: option(
    '--unknown <action>',
    value.choice(['fail', 'skip']),
    'fail',
    'a column that is no field: ends the command, or is left out',
  ),
  format: syncOptions.format,
  delimiter: syncOptions.delimiter,
  encoding: syncOptions.encoding,
  dateFormat: syncOptions.dateFormat,
  decimal: syncOptions.decimal,
  timeZone: serveOptions.timeZone,
  empty: syncOptions.empty,
  formulas: formulas(
    'guard: an apostrophe before a formula, as export writes it, is taken away from values of CSV and TSV; keep: values are taken as they are',
  ),
  allOrNothing: switchOption(
    '--all-or-nothing',
    'change nothing if a row fails; the whole file is then one transaction, and in memory',
  ),
  dryRun: switchOption('--dry-run', 'read and check the whole file, and change nothing'),
} as const satisfies OptionDeclarations;

export const exportOptions = {
  ...storeOptions,
  type: { ...recordSection, description: `what is exported: ${fileSections.join(', ')}; required` },
  format: optionalOption(
    '--format <format>',
    value.choice(inputFormats),
    `the form of the file: ${inputFormats.join(', ')}; without it, as its name ends, or csv`,
  ),
  formulas: formulas(
    'guard: texts of CSV and TSV that a spreadsheet would run as formulas get an apostrophe in front; keep: they are written as they are',
  ),
} as const satisfies OptionDeclarations;

export const fieldAddOptions = {
  config,
  database: createdDatabase,
  create,
  type: optionalOption(
    '--type <type>',
    value.choice(fieldOwners),
    `the type: ${fieldOwners.join(', ')}; required`,
  ),
  name: optionalOption('--name <name>', value.text, 'the name of the field; required'),
  dataType: option('--data-type <type>', value.text, 'string', 'its data type, as describeMObject names it'),
  size: optionalOption(
    '--size <number>',
    value.integer(1, 1_000_000_000),
    'characters, for text types; longer values fail their row',
  ),
  displayName: optionalOption('--display-name <text>', value.text, 'the name that people see'),
  description: optionalOption('--description <text>', value.text, 'what it is for'),
} as const satisfies OptionDeclarations;

/** All commands with their options, for the table in docs/options.md. */
export const commandOptions: { readonly [command: string]: OptionDeclarations } = {
  serve: serveOptions,
  demo: demoOptions,
  open: openOptions,
  wait: waitOptions,
  sync: syncOptions,
  get: getOptions,
  describe: describeOptions,
  list: endpointOptions,
  delete: deleteOptions,
  sign: signOptions,
  'explain-signature': explainOptions,
  journal: { ...storeOptions, ...journalOptions },
  'instance apply': instanceApplyOptions,
  'instance export': storeOptions,
  'instance check': instanceCheckOptions,
  import: importOptions,
  export: exportOptions,
  'fields add': fieldAddOptions,
  'fields list': storeOptions,
  'admin-token': adminTokenOptions,
  'users add': userAddOptions,
  'users rotate': userRotateOptions,
  'users list': storeOptions,
  'users remove': storeOptions,
  migrate: migrateOptions,
  copy: copyOptions,
  check: checkOptions,
  backup: backupOptions,
};

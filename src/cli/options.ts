import { fieldOwners } from '../rules/schema.ts';
import { defaultHttpCaps } from '../server/http-caps.ts';
import { logLevels } from '../server/log.ts';
import { defaultCaps } from '../wire/caps.ts';
import { listOption, type OptionDeclarations, option, optionalOption, switchOption } from './option.ts';
import * as value from './option-values.ts';

const MIB = 1024 * 1024;

/** The variable that holds the key of the users' secrets. It is no option, so that no process list shows it. */
export const keyVariable = {
  name: 'MKTOWS_KEY',
  description:
    'key that encrypts the stored secrets, 64 hex digits or base64 of 32 bytes; without it: --key-file',
} as const;

const database = option(
  '--database <url>',
  value.text,
  'sqlite:./mktows.db',
  'where the objects live: sqlite:<path>, made if it is not there, or postgres://<user>:<secret>@<host>/<database>, shared by any number of servers',
);

const madeDatabase = {
  ...database,
  description:
    'the database, which must be there: sqlite:<path> or postgres://<user>:<secret>@<host>/<database>',
};

const keyFile = optionalOption(
  '--key-file <path>',
  value.text,
  'file of the key that encrypts the stored secrets (default: the database file with .key added); made on first need, readable by its owner only. Without it the stored users are lost: keep it with the backups, but apart from them',
);

const port = option('--port <number>', value.port, '8980', 'port to listen on; 0 picks a free one');

const logLevel = option(
  '--log-level <level>',
  value.choice(logLevels),
  'info',
  'what goes to standard error: silent, error, warn (also refused calls), info (also each call) or debug',
);

export const storeOptions = { database: madeDatabase } as const satisfies OptionDeclarations;

const create = switchOption('--create', 'make the database if it is not there');

const createdDatabase = {
  ...database,
  description:
    'the database: sqlite:<path> or postgres://<user>:<secret>@<host>/<database>; it must be there, unless --create says otherwise',
};

export const migrateOptions = {
  database: createdDatabase,
  create,
  status: switchOption('--status', 'only say which steps were made and which are to come; changes nothing'),
} as const satisfies OptionDeclarations;

export const copyOptions = {
  from: optionalOption(
    '--from <url>',
    value.text,
    'the database that is copied, which is only read; required. Stop its servers first',
  ),
  to: optionalOption(
    '--to <url>',
    value.text,
    'the database that it is copied to: empty, a file that is not there yet, or holding an unfinished copy of the same; required',
  ),
} as const satisfies OptionDeclarations;

export const serveOptions = {
  port,
  host: option(
    '--host <address>',
    value.host,
    '127.0.0.1',
    'address to listen on; any but loopback lets other machines call, and needs secrets of 10 characters or more',
  ),
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
    'a user who may call besides the stored ones; kept in memory only',
  ),
  secret: optionalOption(
    '--secret <text>',
    value.text,
    "that user's secret; the process list shows it here, so better set MKTOWS_SECRET",
  ),
  keyFile,
  instance: optionalOption(
    '--instance <file>',
    value.text,
    'instance file whose fields, tags, channels, programs, companies and leads are added at the start where they are missing',
  ),
  schema: option(
    '--schema <mode>',
    value.choice(['strict', 'open']),
    'strict',
    'strict: an unknown field or external key fails its row; open: it is taken, as --unknown-fields create --external-keys any. Open keeps misspelt names, too',
  ),
  unknownFields: optionalOption(
    '--unknown-fields <action>',
    value.choice(['fail', 'create', 'ignore']),
    'an attribute of unknown name fails its row, becomes a custom field (500 a type at most), or is ignored: then its value is lost',
  ),
  externalKeys: optionalOption(
    '--external-keys <which>',
    value.choice(['known', 'any']),
    'whether an external key must name a known field',
  ),
  emptyValues: option(
    '--empty-values <action>',
    value.choice(['keep', 'clear']),
    'keep',
    'what an empty value does on update: nothing, or clear the field',
  ),
  deleteRoles: option(
    '--delete-roles <action>',
    value.choice(['keep', 'cascade']),
    'keep',
    "whether an opportunity's roles go with it when it is deleted",
  ),
  timeZone: option(
    '--time-zone <name>',
    value.timeZone,
    'UTC',
    'zone of datetimes that come without an offset, and of those that go out',
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
    'calls a day, from midnight US Central; a number or off, whatever --limits says. The start then counts the calls of the day in the journal',
  ),
  limitRate: optionalOption('--limit-rate <number>', value.limit, 'calls in 20 seconds; a number or off'),
  limitConcurrency: optionalOption(
    '--limit-concurrency <number>',
    value.limit,
    'calls at once; a number or off',
  ),
  maxAge: option(
    '--max-age <minutes>',
    value.positive(525_600),
    '60',
    'how old the timestamp of a call may be; a signature that was overheard is good for as long',
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
    'addresses and blocks that may call and read the WSDL, separated by commas; none: all. /livez, /readyz and /metrics stay open',
  ),
  trustProxy: listOption(
    '--trust-proxy <addresses>',
    value.proxy,
    'proxies whose X-Forwarded-* headers count: addresses, blocks, loopback, linklocal, uniquelocal. Whoever is named here can claim any address',
  ),
  maxBody: option(
    '--max-body <mib>',
    value.positive(1024),
    String(defaultCaps.maxBytes / MIB),
    'largest body that is read, in MiB, as sent and unpacked; each call under way can take that memory several times',
  ),
  maxDepth: option(
    '--max-depth <number>',
    value.integer(8, 1_000),
    String(defaultCaps.maxDepth),
    'how deep elements may be nested; reading time grows with its square',
  ),
  maxElements: option(
    '--max-elements <number>',
    value.integer(100, 100_000_000),
    String(defaultCaps.maxElements),
    'elements of a call at most; each takes memory',
  ),
  maxAttributes: option(
    '--max-attributes <number>',
    value.integer(8, 10_000),
    String(defaultCaps.maxAttributes),
    'XML attributes of one element at most',
  ),
  maxText: option(
    '--max-text <number>',
    value.integer(1_000, 500_000_000),
    String(defaultCaps.maxTextLength),
    'characters of text in one element at most, and of the values of its attributes',
  ),
  maxBodies: option(
    '--max-bodies <mib>',
    value.positive(65_536),
    String(defaultHttpCaps.maxBodiesBytes / MIB),
    'bodies in memory at once, in MiB, each without its first 128 KiB; a body beyond them is fault 20024',
  ),
  maxAnswers: option(
    '--max-answers <mib>',
    value.positive(65_536),
    String(defaultHttpCaps.maxAnswersBytes / MIB),
    'answers in memory at once that clients have not read yet, in MiB, each without its first 128 KiB; one beyond them is fault 20024, unless its call changed something',
  ),
  maxHeaders: option(
    '--max-headers <kib>',
    value.integer(4, 1_024),
    String(defaultHttpCaps.maxHeaderBytes / 1024),
    'HTTP headers of a request at most, in KiB; more is status 431. Each connection can take that memory',
  ),
  maxConnections: option(
    '--max-connections <number>',
    value.integer(1, 1_000_000),
    String(defaultHttpCaps.maxConnections),
    'connections at once. Beyond them the one that is idle longest is ended; if calls are under way on all, a new one gets fault 20024. Each takes a file descriptor',
  ),
  maxConnectionsPerAddress: option(
    '--max-connections-per-address <number>',
    value.integer(1, 1_000_000),
    String(defaultHttpCaps.maxConnectionsPerAddress),
    'the same for each client address, but for the proxies that --trust-proxy names; many clients behind another proxy share it',
  ),
  headerTimeout: option(
    '--header-timeout <seconds>',
    value.positive(86_400),
    String(defaultHttpCaps.headerTime / 1000),
    'how long the headers of a request may take to arrive; then status 408',
  ),
  bodyTimeout: option(
    '--body-timeout <seconds>',
    value.positive(86_400),
    String(defaultHttpCaps.bodyTime / 1000),
    'how long a whole request may take to arrive; then status 408. Slow lines need longer for large bodies',
  ),
  idleTimeout: option(
    '--idle-timeout <seconds>',
    value.positive(86_400),
    String(defaultHttpCaps.idleTime / 1000),
    'how long a connection is kept without a request; it should outlast the idle time of a load balancer in front',
  ),
  answerTimeout: option(
    '--answer-timeout <seconds>',
    value.positive(86_400),
    String(defaultHttpCaps.answerTime / 1000),
    'how long a client may go without taking a byte of its answer; then the connection is ended, and what was applied stays applied',
  ),
  threads: option(
    '--threads <number>',
    value.choice(['auto', '1', '2']),
    'auto',
    'threads that carry out calls. 2: with 2 calls under way others go to a second thread, which starts then and takes some 50 MB; only with SQLite in a file and without limits. auto: 2 where there are two processors',
  ),
  journalDays: option(
    '--journal-days <number>',
    value.integer(0, 36_500),
    '30',
    'how long the journal keeps calls; older ones are removed at the start and each hour. 0: all, and the database grows with each call',
  ),
  logLevel,
} as const satisfies OptionDeclarations;

export const demoOptions = {
  port,
  database: { ...database, default: 'sqlite:./mktows-demo.db' },
  once: switchOption(
    '--once',
    'end when the calls are answered: status 0 if they were answered as they should be',
  ),
  logLevel: { ...logLevel, default: 'warn' },
} as const satisfies OptionDeclarations;

export const waitOptions = {
  url: option('--url <url>', value.httpUrl, 'http://127.0.0.1:8980', 'the server, by any URL of it'),
  timeout: option('--timeout <seconds>', value.positive(86_400), '30', 'how long to wait'),
} as const satisfies OptionDeclarations;

export const userOptions = {
  database: createdDatabase,
  create,
  keyFile,
} as const satisfies OptionDeclarations;

export const userAddOptions = {
  ...userOptions,
  secret: optionalOption(
    '--secret <text>',
    value.text,
    'the secret, or - to read it from standard input; the process list shows it here, so better set MKTOWS_SECRET. Without one it is made and printed once',
  ),
  replace: switchOption('--replace', 'replace the secret of a user of this id, if there is one'),
} as const satisfies OptionDeclarations;

export const checkOptions = {
  database: madeDatabase,
  keyFile: optionalOption(
    '--key-file <path>',
    value.text,
    "file of the key that encrypts the stored secrets (default: the database file with .key added, if it is there); without a key the users' secrets are not decrypted",
  ),
  json: switchOption('--json', 'print the results as one line of JSON'),
} as const satisfies OptionDeclarations;

export const backupOptions = {
  database: madeDatabase,
  to: optionalOption(
    '--to <file>',
    value.text,
    'the file to write: one that is not there yet, or an earlier backup, which is replaced; required',
  ),
} as const satisfies OptionDeclarations;

export const instanceApplyOptions = {
  database: createdDatabase,
  create,
  exact: switchOption(
    '--exact',
    'also remove definitions, programs, companies and leads that the file does not have',
  ),
  timeZone: serveOptions.timeZone,
} as const satisfies OptionDeclarations;

export const instanceCheckOptions = {
  database: optionalOption(
    '--database <url>',
    value.text,
    'check against what this database holds, which must be there; without it the file must stand on its own',
  ),
  timeZone: serveOptions.timeZone,
} as const satisfies OptionDeclarations;

export const fieldAddOptions = {
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

/** All commands with their options, for the README's table. */
export const commandOptions: { readonly [command: string]: OptionDeclarations } = {
  serve: serveOptions,
  demo: demoOptions,
  wait: waitOptions,
  'instance apply': instanceApplyOptions,
  'instance export': storeOptions,
  'instance check': instanceCheckOptions,
  'fields add': fieldAddOptions,
  'fields list': storeOptions,
  'users add': userAddOptions,
  'users list': storeOptions,
  'users remove': storeOptions,
  migrate: migrateOptions,
  copy: copyOptions,
  check: checkOptions,
  backup: backupOptions,
};

import { listOption, type OptionDeclarations, option, optionalOption, switchOption } from './option.ts';
import * as value from './option-values.ts';

/** The options of `serve` for the admin API. */
export const adminOptions = {
  noAdmin: switchOption('--no-admin', 'serve neither the admin API nor the console'),
  adminPort: optionalOption(
    '--admin-port <number>',
    value.port,
    'port of their own for the admin API and the console; 0: any free one. Without it they are on --port, for this machine only and not through a proxy',
  ),
  adminHost: option(
    '--admin-host <address>',
    value.host,
    '127.0.0.1',
    'address to listen on for --admin-port; 0.0.0.0: all. Addresses other than loopback are served by HTTPS if there is --tls-cert; without it, the token crosses the network in clear text',
  ),
  adminNames: listOption(
    '--admin-names <names>',
    value.text,
    'host names in URLs of the admin API, separated by commas; requests to other names are refused, but for localhost, addresses and --admin-host',
  ),
  adminTokenFile: optionalOption(
    '--admin-token-file <path>',
    value.text,
    'file of the token for the admin API (default: the database file with .admin-token added; for PostgreSQL ./mktows.admin-token); created at the first start, for its owner only',
  ),
  allowReset: switchOption(
    '--allow-reset',
    'let the admin API remove objects and restore snapshots (docs/admin.md#snapshots). Without it, it loses nothing that calls have written',
  ),
  maxSnapshots: option(
    '--max-snapshots <number>',
    value.integer(1, 10_000),
    '20',
    'take no more snapshots of the database than this (docs/admin.md#snapshots); each is as large as its objects',
  ),
  testClock: switchOption(
    '--test-clock',
    'let the admin API set the time that objects and journal get (docs/admin.md#clock-and-ids-of-tests). For tests only; signatures are checked by the real time',
  ),
  chaos: switchOption(
    '--chaos',
    'let the admin API make calls fail: faults, delays, cut connections (docs/admin.md#chaos). For tests only; all calls then run on one thread',
  ),
} as const satisfies OptionDeclarations;

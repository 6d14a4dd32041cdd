import type { OptionGroups } from './option.ts';
import type { commandOptions } from './options.ts';

/**
 * The groups of options in the help of commands that have many, and in docs/options.md: property names by heading, in
 * the order in which they are shown. A test checks that each option is in one group.
 */
export const optionGroups = {
  serve: {
    Endpoint: ['port', 'host'],
    TLS: ['tlsCert', 'tlsKey'],
    Database: ['database', 'keyFile', 'instance'],
    'Users and access': ['user', 'secret', 'maxAge', 'maxAhead', 'allow', 'trustProxy'],
    Rules: ['schema', 'unknownFields', 'externalKeys', 'emptyValues', 'deleteRoles', 'timeZone'],
    'Limits on calls': ['limits', 'limitDaily', 'limitRate', 'limitConcurrency'],
    'Limits on requests': ['maxBody', 'maxDepth', 'maxElements', 'maxAttributes', 'maxText', 'maxHeaders'],
    'Limits on memory and connections': [
      'maxBodies',
      'maxAnswers',
      'maxConnections',
      'maxConnectionsPerAddress',
    ],
    Timeouts: ['headerTimeout', 'bodyTimeout', 'idleTimeout', 'answerTimeout'],
    'Journal, activities and log': [
      'journalDays',
      'journalValues',
      'journalBodies',
      'journalBodiesSize',
      'activityDays',
      'logLevel',
    ],
    'Admin API and console': [
      'noAdmin',
      'adminPort',
      'adminHost',
      'adminNames',
      'adminTokenFile',
      'maxSnapshots',
    ],
    'For tests': ['allowReset', 'chaos', 'testClock'],
    General: ['config', 'announce', 'threads'],
  },
  sync: {
    Server: ['endpoint', 'user', 'secret'],
    Rows: ['type', 'operation', 'externalKey', 'dedup', 'map', 'unknown', 'empty'],
    File: ['format', 'delimiter', 'encoding', 'dateFormat', 'decimal'],
    Sending: ['concurrency', 'timeout', 'dryRun'],
    'Results and resuming': ['results', 'resume', 'resendUnknown'],
  },
  import: {
    Database: ['config', 'database', 'create'],
    Rows: ['type', 'externalKey', 'map', 'unknown', 'empty'],
    File: ['format', 'delimiter', 'encoding', 'dateFormat', 'decimal', 'timeZone', 'formulas'],
    Outcome: ['allOrNothing', 'dryRun'],
  },
  journal: {
    Database: ['config', 'database'],
    Calls: ['failed', 'since', 'user', 'operation', 'call', 'limit', 'follow'],
    Output: ['format'],
  },
  get: {
    Server: ['endpoint', 'user', 'secret'],
    Objects: ['id', 'email', 'key', 'where', 'association', 'limit'],
    Output: ['format'],
  },
  'fields add': {
    Database: ['config', 'database', 'create'],
    Field: ['type', 'name', 'dataType', 'size', 'displayName', 'description'],
  },
} as const satisfies { readonly [Command in keyof typeof commandOptions]: OptionGroups };

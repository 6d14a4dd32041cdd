import { availableParallelism } from 'node:os';
import type { TimeWindow } from '../access/authenticate.ts';
import { areOff, type LimitSettings, marketoLimits, noLimits } from '../access/limits.ts';
import type { MObjectSettings } from '../rules/settings.ts';
import type { CertificateFiles } from '../server/certificate.ts';
import type { HttpCaps } from '../server/http-caps.ts';
import type { JournalSettings } from '../server/server.ts';
import type { WireCaps } from '../wire/caps.ts';
import { CommandFailure } from './failure.ts';
import type { ValuesOf } from './option.ts';
import type { serveOptions } from './options.ts';

/** The option values of `serve`. */
export type ServeValues = ValuesOf<typeof serveOptions>;

/** Returns the rules that the options select. A specific option overrides `--schema`. */
export function settingsOf(values: ServeValues): MObjectSettings {
  const open = values.schema === 'open';
  return {
    emptyValues: values.emptyValues,
    unknownFields: values.unknownFields ?? (open ? 'create' : 'fail'),
    externalKeys: values.externalKeys ?? (open ? 'any' : 'known'),
    undefinedNames: open ? 'create' : 'fail',
    deleteRoles: values.deleteRoles,
    longRanges: values.limits === 'marketo' ? 'refuse' : 'allow',
    timeZone: values.timeZone,
  };
}

/** Returns the limits that the options select. A specific option overrides `--limits`. */
export function limitsOf(values: ServeValues): LimitSettings {
  const base = values.limits === 'marketo' ? marketoLimits : noLimits;
  const chosen = (own: number | 'off' | undefined, other: number | undefined) =>
    own === undefined ? other : own === 'off' ? undefined : own;
  return {
    daily: chosen(values.limitDaily, base.daily),
    rate: chosen(values.limitRate, base.rate),
    concurrency: chosen(values.limitConcurrency, base.concurrency),
  };
}

export function capsOf(values: ServeValues): WireCaps {
  return {
    maxDepth: values.maxDepth,
    maxElements: values.maxElements,
    maxAttributes: values.maxAttributes,
    maxTextLength: values.maxText,
    maxBytes: Math.floor(values.maxBody * 1024 * 1024),
  };
}

/** Returns what the journal keeps. */
export const journalOf = (values: ServeValues): JournalSettings => ({
  values: values.journalValues === 'on',
  bodies: { which: values.journalBodies, maxBytes: Math.floor(values.journalBodiesSize * 1024 * 1024) },
});

/** Rounds up: timers take whole milliseconds, and 0 would mean no limit. */
const milliseconds = (seconds: number): number => Math.ceil(seconds * 1000);

export function httpCapsOf(values: ServeValues): HttpCaps {
  return {
    maxConnections: values.maxConnections,
    maxConnectionsPerAddress: values.maxConnectionsPerAddress,
    maxHeaderBytes: values.maxHeaders * 1024,
    maxBodiesBytes: Math.floor(values.maxBodies * 1024 * 1024),
    maxAnswersBytes: Math.floor(values.maxAnswers * 1024 * 1024),
    headerTime: milliseconds(values.headerTimeout),
    bodyTime: milliseconds(values.bodyTimeout),
    idleTime: milliseconds(values.idleTimeout),
    answerTime: milliseconds(values.answerTimeout),
  };
}

/** Returns whether to use a call worker. It does not count calls and knows no chaos, so it needs both to be off. */
export function wantsCallWorker(values: ServeValues): boolean {
  const isWanted = values.threads === '2' || (values.threads === 'auto' && availableParallelism() > 1);
  return isWanted && areOff(limitsOf(values)) && !values.chaos;
}

export function windowOf(values: ServeValues): TimeWindow {
  return { maxAge: values.maxAge * 60_000, maxAhead: values.maxAhead * 60_000 };
}

/** Returns the files of the certificate; undefined: none. Throws a `CommandFailure` if only one of them is named. */
export function certificateOf({ tlsCert, tlsKey }: ServeValues): CertificateFiles | undefined {
  if (tlsCert !== undefined && tlsKey !== undefined) return { cert: tlsCert, key: tlsKey };
  if (tlsCert !== undefined) throw new CommandFailure('--tls-cert needs --tls-key: the file of its key');
  if (tlsKey !== undefined)
    throw new CommandFailure('--tls-key needs --tls-cert: the file of the certificate');
  return undefined;
}

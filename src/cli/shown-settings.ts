import type { Setting } from '../admin/context.ts';
import { databaseLocation } from '../store/open.ts';
import { longName, type OptionDeclaration } from './option.ts';
import { serveOptions } from './options.ts';
import type { ServeValues } from './serve-settings.ts';

/** The source of each option's value, by property name. */
export type OriginOf = (name: string) => Setting['from'];

/** The origins that commander and the config file note. */
const origins: Readonly<Record<string, Setting['from']>> = {
  cli: 'command line',
  env: 'environment',
  config: 'file',
};

/** Returns the origin that a command notes for an option. */
export const originOf = (source: string | undefined): Setting['from'] => origins[source ?? ''] ?? 'default';

/** Returns the origin of values that code gave. */
export const givenByCode =
  (values: ServeValues): OriginOf =>
  (name) => {
    const declaration: OptionDeclaration | undefined = serveOptions[name as keyof typeof serveOptions];
    const value: unknown = values[name as keyof ServeValues];
    const isNone = value === undefined || value === false || (Array.isArray(value) && value.length === 0);
    return isNone || String(value) === declaration?.default ? 'default' : 'code';
  };

/** Returns the options of a server as they may be shown: without secrets and credentials. */
export function shownSettings(values: ServeValues, from: OriginOf): Setting[] {
  return Object.entries<OptionDeclaration>(serveOptions).map(([name, declaration]) => ({
    option: longName(declaration),
    value: shownValue(name, values),
    from: from(name),
    description: declaration.description,
  }));
}

function shownValue(name: string, values: ServeValues): string | null {
  const value: unknown = values[name as keyof ServeValues];
  if (value === undefined) return null;
  if (name === 'secret') return '(not shown)';
  if (name === 'database') return databaseLocation(String(value));
  return Array.isArray(value) ? value.join(',') : String(value);
}

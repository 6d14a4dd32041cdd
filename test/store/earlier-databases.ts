import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { EngineDatabase, TestEngine } from './test-engines.ts';

const folder = new URL('databases/', import.meta.url);

/** A database as an earlier version of mktows left it. */
export interface EarlierDatabase {
  /** `sqlite-v1` */
  readonly name: string;
  /** The number of the last migration that it has behind it. */
  readonly version: number;
}

/** What all of them were filled with; contents.json, see databases/README.md. */
export const filledWith: {
  readonly contents: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;
  /** The last ids that were given out. */
  readonly lastIds: {
    readonly Opportunity: number;
    readonly OpportunityPersonRole: number;
    readonly Lead: number;
  };
  /** Of a copy's sections, but of those that are not the same in all of them. */
  readonly checksums: Readonly<Record<string, string>>;
  readonly databases: Readonly<
    Record<string, { readonly secret: string; readonly checksums: Readonly<Record<string, string>> }>
  >;
} = JSON.parse(readFileSync(new URL('contents.json', folder), 'utf8'));

/** The databases of an engine, oldest first. */
export function earlierDatabases(engine: TestEngine['name']): EarlierDatabase[] {
  return readdirSync(folder)
    .flatMap((file) => {
      const [, name = '', prefix, version] = /^((sqlite|postgres)-v(\d+))\.(db\.gz|sql)$/.exec(file) ?? [];
      return (prefix === 'sqlite') === (engine === 'SQLite') && prefix
        ? [{ name, version: Number(version) }]
        : [];
    })
    .sort((a, b) => a.version - b.version);
}

/** A new database that holds it, not opened yet. */
export async function restore(engine: TestEngine, { name }: EarlierDatabase): Promise<EngineDatabase> {
  const database = await engine.open(true);
  if (engine.name === 'SQLite') {
    const bytes = gunzipSync(readFileSync(new URL(`${name}.db.gz`, folder)));
    writeFileSync(database.url.replace(/^sqlite:/, ''), bytes);
  } else await database.run(readFileSync(new URL(`${name}.sql`, folder), 'utf8'));
  return database;
}

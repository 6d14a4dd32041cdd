import { changesOf, sectionOf } from '../section-rows.ts';
import { isWhole, type SectionName, type SectionRows } from '../sections.ts';
import { StoreError } from '../store.ts';
import { insertBody } from './bodies.ts';
import { counterSequences } from './copy-read.ts';
import { journalStatement } from './journal.ts';
import { addKeyField, type Definitions, definitionCache } from './schema.ts';
import { bytes, text, wholeNumber } from './sql.ts';
import { putTraffic } from './traffic.ts';
import type { Transaction } from './transaction.ts';
import { insertUser } from './users.ts';
import { writeStatements } from './write.ts';

/** Returns the statements that insert the rows of a section. */
export function sectionStatements() {
  let known: Definitions | undefined;

  return async <Name extends SectionName>(
    transaction: Transaction,
    section: Name,
    rows: readonly SectionRows[Name][],
  ): Promise<string[]> => {
    if (isWhole(section)) known = undefined;
    const definitions = known ?? (await definitionCache().of(undefined, transaction.run, false));
    if (!isWhole(section)) known = definitions;
    return statementsOf(definitions, section, rows);
  };
}

function statementsOf<Name extends SectionName>(
  { schema, keyFields }: Definitions,
  section: Name,
  rows: readonly SectionRows[Name][],
): string[] {
  const part = sectionOf(section, rows);
  const changes = changesOf(part);
  if (changes !== undefined) return writeStatements(changes, { schema, keyFields });
  switch (part.section) {
    case 'keyFields':
      return part.rows.flatMap(({ type, name }) => {
        const field = schema.fields[type].find(name);
        if (field === undefined) throw new StoreError(`The key field ${name} of ${type} is not defined`);
        return addKeyField(type, field);
      });
    case 'users':
      return part.rows.map(insertUser);
    case 'secrets':
      return part.rows.map(
        ({ name, value }) =>
          `INSERT INTO server_secret (name, value) VALUES (${text(name)}, ${bytes(value)}) ` +
          'ON CONFLICT (name) DO UPDATE SET value = excluded.value',
      );
    case 'counters':
      return part.rows
        .filter(({ last }) => last > 0)
        .map(({ counter, last }) => `SELECT setval('${counterSequences[counter]}', ${wholeNumber(last)})`);
    case 'journal':
      return [journalStatement(part.rows)];
    case 'bodies':
      return part.rows.map(insertBody);
    case 'traffic':
      return part.rows.map(putTraffic);
    default:
      return [];
  }
}

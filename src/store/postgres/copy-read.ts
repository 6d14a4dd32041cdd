import { isRecordSection, sectionTypes } from '../../records/all.ts';
import { definitionRows, numberAfter, sectionTables } from '../section-rows.ts';
import {
  type CounterName,
  type Cursor,
  counterNames,
  isWhole,
  type PagedSection,
  type SectionName,
  type SectionReader,
  type SectionRows,
  type WholeSection,
} from '../sections.ts';
import { selectBodies, toBody } from './bodies.ts';
import { journalColumns, toEntry } from './journal-row.ts';
import { looseAfter, readLoose } from './keys.ts';
import { sequences } from './load.ts';
import { recordPage } from './records.ts';
import { definitionCache } from './schema.ts';
import { type Row, text, unpackText, wholeNumber } from './sql.ts';
import { selectTraffic, toTraffic } from './traffic.ts';
import type { Guard } from './transaction.ts';
import { selectUsers, toUser } from './users.ts';

/** The sequence of each counter. PostgreSQL chose the name of the journal's. */
export const counterSequences: Readonly<Record<CounterName, string>> = {
  ...sequences,
  Journal: 'journal_number_seq',
};

const selectCounts = Object.entries(sectionTables).map(
  ([section, table]) => `SELECT '${section}', count(*) FROM ${table}`,
);
const selectSecrets = "SELECT name, encode(value, 'hex') FROM server_secret ORDER BY name";
const selectCounters = counterNames.map(
  (counter) => `SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM ${counterSequences[counter]}`,
);

/** Reads pages by index even if a table was just filled and has no statistics yet. */
const byIndex = "SELECT set_config('enable_seqscan', 'off', true)";

/** Each can have half a megabyte. */
const BODIES_AT_ONCE = 20;

type Whole = { [Name in WholeSection]: SectionRows[Name][] };

/** Reads the sections of a database for a copy. */
export function sectionReader(guard: Guard): Pick<SectionReader, 'counts' | 'page'> {
  async function whole(): Promise<Whole> {
    const definitions = await definitionCache().of(undefined, guard.read, false);
    const [secrets = [], ...counters] = await guard.read(selectSecrets, ...selectCounters);
    return {
      ...definitionRows(definitions),
      secrets: secrets.map(([name, value]) => ({
        name: unpackText(name ?? ''),
        value: new Uint8Array(Buffer.from(value ?? '', 'hex')),
      })),
      counters: counterNames.map((counter, index) => ({ counter, last: Number(counters[index]?.[0]?.[0]) })),
    };
  }

  const rowsOf = async (...statements: string[]): Promise<Row[][]> =>
    (await guard.read(byIndex, ...statements)).slice(1);

  async function paged(
    section: PagedSection,
    after: Cursor,
    limit: number,
  ): Promise<SectionRows[PagedSection][]> {
    if (isRecordSection(section)) {
      const { statements, read } = recordPage(sectionTypes[section], numberAfter(after), limit);
      return read(await rowsOf(...statements));
    }
    const most = `LIMIT ${wholeNumber(limit)}`;
    switch (section) {
      case 'looseKeys': {
        const [type = '', id = 0, name = ''] = after;
        const [rows = []] = await rowsOf(looseAfter(String(type), Number(id), String(name), limit));
        return readLoose(rows);
      }
      case 'users': {
        const behind = text(String(after[0] ?? ''));
        const [rows = []] = await rowsOf(`${selectUsers} WHERE user_id > ${behind} ORDER BY user_id ${most}`);
        return rows.map(toUser);
      }
      case 'journal': {
        const behind = wholeNumber(numberAfter(after));
        const [rows = []] = await rowsOf(
          `SELECT ${journalColumns} FROM journal WHERE number > ${behind} ORDER BY number ${most}`,
        );
        return rows.map(toEntry);
      }
      case 'bodies': {
        const behind = wholeNumber(numberAfter(after));
        const few = wholeNumber(Math.min(limit, BODIES_AT_ONCE));
        const [rows = []] = await rowsOf(
          `${selectBodies} WHERE number > ${behind} ORDER BY number LIMIT ${few}`,
        );
        return rows.map(toBody);
      }
      case 'traffic': {
        const [span = 0, since = '0001-01-01T00:00:00.000Z', run = ''] = after;
        const behind = `${wholeNumber(Number(span))}, ${text(String(since))}::timestamptz, ${text(String(run))}`;
        const [rows = []] = await rowsOf(
          `${selectTraffic} WHERE (span, since, run) > (${behind}) ORDER BY span, since, run ${most}`,
        );
        return rows.map(toTraffic);
      }
    }
  }

  return {
    async counts() {
      const answers = await guard.read(...selectCounts);
      const counts = answers.map(([row]) => [row?.[0] ?? '', Number(row?.[1])]);
      const lengths = Object.entries(await whole()).map(([section, rows]) => [section, rows.length]);
      return Object.fromEntries([...counts, ...lengths]) as Record<SectionName, number>;
    },
    async page(section, after, limit) {
      type Rows = SectionRows[typeof section][];
      if (!isWhole(section)) return (await paged(section, after, limit)) as Rows;
      return (after.length > 0 ? [] : (await whole())[section]) as Rows;
    },
  };
}

import type { Database } from 'better-sqlite3';
import type { FieldDefinition, StoredType } from '../../contract/fields.ts';
import type { AnyRecordChange, Changes, LooseKey, WantedKey } from '../../mobjects/facts.ts';
import { ByField, type Holders } from '../../mobjects/key-holders.ts';
import { keyText } from '../../mobjects/records.ts';
import { foldName } from '../../mobjects/schema.ts';
import { fieldColumns, tableNames } from '../columns.ts';
import { keyChange } from '../keys.ts';
import { fromCell, fromCustom } from './rows.ts';
import type { Definitions, SchemaTables } from './schema.ts';

/** The index of external keys. */
export interface KeyIndex {
  /** The holders of each of the keys, at most `depth`. None is named `Id`. */
  holders(keys: readonly WantedKey[], depth: number): readonly Holders[];
  /** Whether one of the keys names a field that is not in the index yet. */
  isUncovered(keys: readonly WantedKey[]): boolean;
  /** Indexes those of the fields asked for as a key that are not in the index yet. */
  cover(keys: readonly WantedKey[]): void;
  /** Keeps the index in step with a record change. */
  follow(change: AnyRecordChange, keyFields: Definitions['keyFields']): void;
  writeLoose(changes: Changes): void;
  /** The loose keys of all objects of that type, or of those with these ids. */
  loose(type: StoredType, ids?: readonly number[]): LooseKey[];
  /** The first `limit` loose keys behind this one, by type, id and folded name. */
  looseAfter(type: string, id: number, name: string, limit: number): LooseKey[];
}

const PAGE = 10_000;

const isStored = (type: string): type is StoredType => Object.hasOwn(fieldColumns, type);

/** The index over the tables `external_key` and `key_field`. */
export function keyIndex(db: Database, schemas: SchemaTables): KeyIndex {
  const holders = holdersReader(db);
  const add = db.prepare<[string, string, string, number, number, string | null]>(
    'INSERT OR IGNORE INTO external_key (object_type, name, value, object_id, loose, spelled_name) ' +
      'VALUES (?, ?, ?, ?, ?, ?)',
  );
  const remove = db.prepare<[string, string, string, number]>(
    'DELETE FROM external_key WHERE object_type = ? AND name = ? AND value = ? AND object_id = ? AND loose = 0',
  );
  const removeObject = db.prepare<[string, number]>(
    'DELETE FROM external_key WHERE object_type = ? AND object_id = ?',
  );
  const removeLoose = db.prepare<[string, number, string]>(
    'DELETE FROM external_key WHERE object_type = ? AND object_id = ? AND name = ? AND loose = 1',
  );
  const looseColumns =
    'SELECT object_type AS type, object_id AS id, spelled_name AS name, value FROM external_key WHERE loose = 1';
  const selectLoose = `${looseColumns} AND object_type = ?`;
  // A bare `name` would be the spelled one.
  const order = 'ORDER BY object_id, external_key.name';
  const allLoose = db.prepare<[string], LooseKey>(`${selectLoose} ${order}`);
  const someLoose = db.prepare<[string, string], LooseKey>(
    `${selectLoose} AND object_id IN (SELECT value FROM json_each(?)) ${order}`,
  );

  const pageOfLoose = db.prepare<[string, number, string, number], LooseKey>(
    `${looseColumns} AND (object_type, object_id, external_key.name) > (?, ?, ?) ` +
      'ORDER BY object_type, object_id, external_key.name LIMIT ?',
  );

  /** One pass over the objects of the type, in pages: a connection can't read and write in one breath. */
  function indexField(type: StoredType, field: FieldDefinition): void {
    const column = fieldColumns[type].find((standard) => standard.field === field)?.column;
    const page = db
      .prepare<[number, number], [number, string | number]>(
        `SELECT id, ${column ?? 'custom'} FROM ${tableNames[type]} ` +
          `WHERE id > ? AND ${column ?? 'custom'} IS NOT NULL ORDER BY id LIMIT ?`,
      )
      .raw();
    const name = foldName(field.name);
    for (let rows = page.all(0, PAGE); rows.length > 0; rows = page.all(rows.at(-1)?.[0] ?? 0, PAGE)) {
      for (const [id, cell] of rows) {
        const value = column === undefined ? fromCustom(String(cell), field.name) : fromCell(field, cell);
        if (value !== undefined) add.run(type, name, keyText(value), id, 0, null);
      }
    }
    schemas.addKeyField(type, field);
  }

  /** The fields asked for as a key that are not in the index yet. */
  function uncoveredFields(keys: readonly WantedKey[]): Map<FieldDefinition, StoredType> {
    const { schema, keyFields } = schemas.current();
    const uncovered = new Map<FieldDefinition, StoredType>();
    for (const { type, name } of keys) {
      if (!isStored(type) || name === 'id') continue;
      const field = schema.fields[type].find(name);
      if (field !== undefined && !keyFields[type].includes(field)) uncovered.set(field, type);
    }
    return uncovered;
  }

  return {
    holders(keys, depth) {
      const fields = new ByField<number[]>();
      for (const [place, key] of keys.entries()) fields.of(key, () => []).push(place);
      const found: Holders[] = [];
      for (const places of fields.all()) {
        const ofField = places.flatMap((place) => keys[place] ?? []);
        for (const [index, held] of holders(ofField, depth).entries()) found[places[index] ?? 0] = held;
      }
      return found;
    },
    isUncovered: (keys) => uncoveredFields(keys).size > 0,
    cover(keys) {
      for (const [field, type] of uncoveredFields(keys)) indexField(type, field);
    },
    follow(change, keyFields) {
      if (change.type === 'Program') return;
      if (change.after === undefined) {
        if (change.before !== undefined) removeObject.run(change.type, change.before.id);
        return;
      }
      const { id } = change.after;
      const { removed, added } = keyChange(change, keyFields);
      for (const [name, value] of removed) remove.run(change.type, name, value, id);
      for (const [name, value] of added) add.run(change.type, name, value, id, 0, null);
    },
    writeLoose({ looseKeys, removedLooseKeys = [] }) {
      for (const { type, id, name } of removedLooseKeys) removeLoose.run(type, id, foldName(name));
      for (const { type, id, name, value } of looseKeys) {
        removeLoose.run(type, id, foldName(name));
        add.run(type, foldName(name), value, id, 1, name);
      }
    },
    loose: (type, ids) => (ids === undefined ? allLoose.all(type) : someLoose.all(type, JSON.stringify(ids))),
    looseAfter: (...page) => pageOfLoose.all(...page),
  };
}

/** So many holders more than keys are read in one go, before each key is cut to its depth on its own. */
const HOLDERS_IN_ONE_GO = 1000;
/** So few keys are read one by one: up to ten are found sooner so than a list of them is taken apart. */
const FEW_KEYS = 5;

/**
 * Reads the holders of keys of one field, newest first, at most `depth` of each; in the order of the keys. Keys
 * mostly have one holder: a join reads them all at once. Where a value has many, as a stage has, that would read
 * them all, so each key is cut to its depth then.
 *
 * SQLite plans for the value of a bare `LIMIT ?`, and so plans the statement anew for each call; of `? + 0` it does not.
 */
function holdersReader(db: Database): (keys: readonly WantedKey[], depth: number) => number[][] {
  const joined = db
    .prepare<[string, string, string, number], [number, number]>(
      `SELECT asked.key, held.object_id FROM json_each(?) AS asked CROSS JOIN external_key AS held
       ON held.object_type = ? AND held.name = ? AND held.value = asked.value LIMIT ? + 0`,
    )
    .raw();
  // Without ORDER BY, which takes five times as long; they come by ascending id all the same.
  const some = db
    .prepare<[string, string, string, number], number>(
      `SELECT object_id FROM external_key
       WHERE object_type = ? AND name = ? AND value = ? LIMIT ? + 0`,
    )
    .pluck();
  const newest = db
    .prepare<[string, string, string, number], number>(
      `SELECT DISTINCT object_id FROM external_key
       WHERE object_type = ? AND name = ? AND value = ? ORDER BY object_id DESC LIMIT ? + 0`,
    )
    .pluck();

  function holdersOf(type: string, name: string, value: string, depth: number): number[] {
    const ids = some.all(type, name, value, HOLDERS_IN_ONE_GO);
    if (ids.length === HOLDERS_IN_ONE_GO) return newest.all(type, name, value, depth);
    // An object can hold a key twice, by its field and as a loose key.
    return [...new Set(ids.reverse())].slice(0, depth);
  }

  return (keys, depth) => {
    const [first] = keys;
    if (first === undefined) return [];
    const { type, name } = first;
    if (keys.length <= FEW_KEYS) return keys.map(({ value }) => holdersOf(type, name, value, depth));
    const limit = keys.length + HOLDERS_IN_ONE_GO;
    const rows = joined.all(JSON.stringify(keys.map(({ value }) => value)), type, name, limit);
    if (rows.length === limit) return keys.map(({ value }) => newest.all(type, name, value, depth));
    const held = keys.map((): number[] => []);
    // An object can hold a key twice, by its field and as a loose key; its rows are neighbours, by ascending id.
    for (const [index, id] of rows.reverse()) {
      const ids = held[index];
      if (ids !== undefined && ids.at(-1) !== id && ids.length < depth) ids.push(id);
    }
    return held;
  };
}

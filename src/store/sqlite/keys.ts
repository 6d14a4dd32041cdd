import type { DatabaseSync } from 'node:sqlite';
import type { FieldDefinition, StoredType, ValueType } from '../../contract/fields.ts';
import { isKeyed, type KeyedType } from '../../records/all.ts';
import { keyText } from '../../records/field-values.ts';
import type { AnyRecordChange, Changes, Holders, LooseKey, WantedKey } from '../../rules/facts.ts';
import { foldName } from '../../rules/schema.ts';
import { columnOfField, tableNames } from '../columns.ts';
import { ByField } from '../key-holders.ts';
import { keyChange, unindexedFields } from '../keys.ts';
import { keyNameId } from './key-names.ts';
import { fromCell, fromCustom } from './kinds.ts';
import { looseEntries } from './loose-keys.ts';
import type { Definitions, SchemaTables } from './schema.ts';
import { command, rowQuery, valueQuery } from './statements.ts';

/** The index of external keys. */
export interface KeyIndex {
  /** Returns up to `depth` holders of each key, newest first. */
  holders(keys: readonly WantedKey[], depth: number): readonly Holders[];
  /** Returns whether a key names a field that is not indexed yet. */
  needsIndex(keys: readonly WantedKey[]): boolean;
  /** Indexes the fields that the keys name and that are not indexed yet. Returns whether there were any. */
  ensureIndexed(keys: readonly WantedKey[]): boolean;
  /** Updates the index for a record change. */
  follow(change: AnyRecordChange, keyFields: Definitions['keyFields']): void;
  writeLoose(changes: Changes): void;
  /** Returns the loose keys of the type's objects, or of those with these ids. */
  loose(type: StoredType, ids?: readonly number[]): LooseKey[];
  /** Returns up to `limit` loose keys after this one, ordered by type, id and folded name. */
  looseAfter(type: string, id: number, name: string, limit: number): LooseKey[];
}

const PAGE = 10_000;

/** The keys of one field, with their positions in the request. */
interface KeysOfField {
  readonly keys: WantedKey[];
  readonly places: number[];
}
const noKeys = (): KeysOfField => ({ keys: [], places: [] });

/** Accesses the tables `key_entry`, `key_name` and `key_field`. */
export function keyIndex(db: DatabaseSync, schemas: SchemaTables): KeyIndex {
  const holders = holdersReader(db);
  const add = entryWriter(db);
  const remove = command<[string, string, string, number]>(
    db,
    `DELETE FROM key_entry WHERE name_id = ${keyNameId} AND value = ? AND object_id = ? AND loose = 0`,
  );
  const loose = looseEntries(db);

  /** Indexes the objects of the type page by page, since a connection cannot write while it iterates. */
  function indexField(type: ValueType, field: FieldDefinition): void {
    const column = columnOfField(type, field);
    const page = rowQuery<[number, number], [number, string | number]>(
      db,
      `SELECT id, ${column ?? 'custom'} FROM ${tableNames[type]} ` +
        `WHERE id > ? AND ${column ?? 'custom'} IS NOT NULL ORDER BY id LIMIT ?`,
    );
    const name = foldName(field.name);
    for (let rows = page.all(0, PAGE); rows.length > 0; rows = page.all(rows.at(-1)?.[0] ?? 0, PAGE)) {
      for (const [id, cell] of rows) {
        const value = column === undefined ? fromCustom(String(cell), field.name) : fromCell(field, cell);
        if (value !== undefined) add({ type, id, name, value: keyText(value) });
      }
    }
    schemas.addKeyField(type, field);
  }

  return {
    holders(keys, depth) {
      const fields = new ByField<KeysOfField>();
      keys.forEach((key, place) => {
        const ofField = fields.of(key, noKeys);
        ofField.places.push(place);
        ofField.keys.push(key);
      });
      const found: Holders[] = [];
      for (const ofField of fields.all()) {
        holders(ofField.keys, depth).forEach((held, index) => {
          found[ofField.places[index] ?? 0] = held;
        });
      }
      return found;
    },
    needsIndex: (keys) => unindexedFields(keys, schemas.current()).length > 0,
    ensureIndexed(keys) {
      const unindexed = unindexedFields(keys, schemas.current());
      for (const [type, field] of unindexed) indexField(type, field);
      return unindexed.length > 0;
    },
    follow(change, keyFields) {
      const { type } = change;
      const id = (change.after ?? change.before)?.id;
      if (!isKeyed(type) || id === undefined) return;
      const { removed, added } = keyChange(change, keyFields);
      for (const [name, value] of removed) remove.run(type, name, value, id);
      for (const [name, value] of added) add({ type, id, name, value });
      if (change.after === undefined) loose.removeAll(type, id);
    },
    writeLoose({ looseKeys, removedLooseKeys = [] }) {
      for (const { type, id, name } of removedLooseKeys) loose.remove(type, id, foldName(name));
      for (const { type, id, name, value } of looseKeys) {
        loose.remove(type, id, foldName(name));
        add({ type, id, name: foldName(name), value, spelledName: name });
      }
    },
    loose: loose.of,
    looseAfter: loose.after,
  };
}

/** An index entry. `name`: folded. */
interface Entry {
  readonly type: KeyedType;
  readonly id: number;
  readonly name: string;
  readonly value: string;
  /** The name as sent; only for loose keys. */
  readonly spelledName?: string;
}

function entryWriter(db: DatabaseSync): (entry: Entry) => void {
  const insert = command<[string, string, string, number, number, string | null]>(
    db,
    'INSERT OR IGNORE INTO key_entry (name_id, value, object_id, loose, spelled_name) ' +
      `VALUES (${keyNameId}, ?, ?, ?, ?)`,
  );
  const addName = command<[string, string]>(
    db,
    'INSERT OR IGNORE INTO key_name (object_type, name) VALUES (?, ?)',
  );

  return ({ type, id, name, value, spelledName }) => {
    const write = () =>
      insert.run(type, name, value, id, Number(spelledName !== undefined), spelledName ?? null).changes > 0;
    // The insert is ignored if the entry exists, or if the name has no id yet.
    if (!write() && addName.run(type, name).changes > 0) write();
  };
}

/** The surplus of holders over keys that the joined query reads before falling back to one query per key. */
const HOLDERS_IN_ONE_GO = 1000;

/**
 * Returns a function that reads the holders of keys of one field, newest first, at most `depth` for each, in request
 * order. Most keys have one holder, so a join reads them all at once. If some key has very many, each key gets a
 * query with a limit of its own.
 *
 * `? + 0` and `(SELECT ?)` hide parameter values from SQLite's planner. For bare parameters in `LIMIT`, in joins and
 * under ORDER BY it re-prepares the statement for each value, which takes longer than the lookup.
 */
function holdersReader(db: DatabaseSync): (keys: readonly WantedKey[], depth: number) => number[][] {
  // No ORDER BY: it would read all holders before LIMIT applies. Rows arrive by ascending id anyway.
  const joined = rowQuery<[string, string, string, number], [number, number]>(
    db,
    `SELECT asked.key, held.object_id FROM json_each(?) AS asked CROSS JOIN key_entry AS held
       ON held.name_id = ${keyNameId} AND held.value = asked.value LIMIT ? + 0`,
  );
  // DISTINCT: an object can hold a key twice, by its field and as a loose key.
  const newest = valueQuery<[string, string, string, number], number>(
    db,
    `SELECT DISTINCT object_id FROM key_entry
       WHERE name_id = ${keyNameId} AND value = (SELECT ?) ORDER BY object_id DESC LIMIT ? + 0`,
  );

  return (keys, depth) => {
    const [first] = keys;
    if (first === undefined) return [];
    const { type, name } = first;
    const oneByOne = () => keys.map(({ value }) => newest.all(type, name, value, depth));
    if (keys.length === 1) return oneByOne();
    const limit = keys.length + HOLDERS_IN_ONE_GO;
    const rows = joined.all(JSON.stringify(keys.map(({ value }) => value)), type, name, limit);
    if (rows.length === limit) return oneByOne();
    const held = keys.map((): number[] => []);
    // Duplicate rows of an object are adjacent, since ids ascend.
    for (const [index, id] of rows.reverse()) {
      const ids = held[index];
      if (ids !== undefined && ids.at(-1) !== id && ids.length < depth) ids.push(id);
    }
    return held;
  };
}

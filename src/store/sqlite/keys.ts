import type { DatabaseSync } from 'node:sqlite';
import type { FieldDefinition, StoredType } from '../../contract/fields.ts';
import type { KeyedType } from '../../records/all.ts';
import { keyText } from '../../records/field-values.ts';
import type { AnyRecordChange, Changes, Holders, LooseKey, WantedKey } from '../../rules/facts.ts';
import { foldName } from '../../rules/schema.ts';
import { fieldColumns, tableNames } from '../columns.ts';
import { ByField } from '../key-holders.ts';
import { keyChange, uncoveredFields } from '../keys.ts';
import { keyNameId } from './key-names.ts';
import { fromCell, fromCustom } from './kinds.ts';
import { looseEntries } from './loose-keys.ts';
import type { Definitions, SchemaTables } from './schema.ts';
import { command, rowQuery, valueQuery } from './statements.ts';

/** The index of external keys. */
export interface KeyIndex {
  /** The holders of each of the keys, at most `depth`. */
  holders(keys: readonly WantedKey[], depth: number): readonly Holders[];
  /** Whether one of the keys names a field that is not in the index yet. */
  needsIndex(keys: readonly WantedKey[]): boolean;
  /** Indexes those of the fields asked for as a key that are not in the index yet. */
  ensureIndexed(keys: readonly WantedKey[]): boolean;
  /** Keeps the index in step with a record change. */
  follow(change: AnyRecordChange, keyFields: Definitions['keyFields']): void;
  writeLoose(changes: Changes): void;
  /** The loose keys of all objects of that type, or of those with these ids. */
  loose(type: StoredType, ids?: readonly number[]): LooseKey[];
  /** The first `limit` loose keys behind this one, by type, id and folded name. */
  looseAfter(type: string, id: number, name: string, limit: number): LooseKey[];
}

const PAGE = 10_000;

/** Keys of one field, and where each of them stands among all that are asked for. */
interface KeysOfField {
  readonly keys: WantedKey[];
  readonly places: number[];
}
const noKeys = (): KeysOfField => ({ keys: [], places: [] });

/** The index over the tables `key_entry`, `key_name` and `key_field`. */
export function keyIndex(db: DatabaseSync, schemas: SchemaTables): KeyIndex {
  const holders = holdersReader(db);
  const add = entryWriter(db);
  const remove = command<[string, string, string, number]>(
    db,
    `DELETE FROM key_entry WHERE name_id = ${keyNameId} AND value = ? AND object_id = ? AND loose = 0`,
  );
  const loose = looseEntries(db);

  /** One pass over the objects of the type, in pages: a connection can't read and write in one breath. */
  function indexField(type: StoredType, field: FieldDefinition): void {
    const column = fieldColumns[type].find((standard) => standard.field === field)?.column;
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
    needsIndex: (keys) => uncoveredFields(keys, schemas.current()).length > 0,
    ensureIndexed(keys) {
      const uncovered = uncoveredFields(keys, schemas.current());
      for (const [type, field] of uncovered) indexField(type, field);
      return uncovered.length > 0;
    },
    follow(change, keyFields) {
      const { type } = change;
      const id = (change.after ?? change.before)?.id;
      if (type === 'Program' || id === undefined) return;
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

/** An entry of the index; `name`: folded. */
interface Entry {
  readonly type: KeyedType;
  readonly id: number;
  readonly name: string;
  readonly value: string;
  /** Only of a loose key: its name as it was sent. */
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
    // Ignored is an entry that is there already, and one whose name has no id yet.
    if (!write() && addName.run(type, name).changes > 0) write();
  };
}

/** So many holders more than keys are read in one go, before each key is cut to its depth on its own. */
const HOLDERS_IN_ONE_GO = 1000;

/**
 * Reads the holders of keys of one field, newest first, at most `depth` of each; in the order of the keys. Keys
 * mostly have one holder: a join reads them all at once. Where a value has many, as a stage has, that would read
 * them all, so each key is cut to its depth then.
 *
 * SQLite plans for the values of some bare parameters, of `LIMIT ?` and of conditions in a join or under an ORDER BY,
 * and so plans the statement anew for each call, which takes longer than to find a key. Of `? + 0` and `(SELECT ?)` it
 * knows no value.
 */
function holdersReader(db: DatabaseSync): (keys: readonly WantedKey[], depth: number) => number[][] {
  // Without ORDER BY, which would read all holders before the limit ends it; they come by ascending id all the same.
  const joined = rowQuery<[string, string, string, number], [number, number]>(
    db,
    `SELECT asked.key, held.object_id FROM json_each(?) AS asked CROSS JOIN key_entry AS held
       ON held.name_id = ${keyNameId} AND held.value = asked.value LIMIT ? + 0`,
  );
  // An object can hold a key twice, by its field and as a loose key.
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
    // The rows of an object that holds a key twice are neighbours, by ascending id.
    for (const [index, id] of rows.reverse()) {
      const ids = held[index];
      if (ids !== undefined && ids.at(-1) !== id && ids.length < depth) ids.push(id);
    }
    return held;
  };
}

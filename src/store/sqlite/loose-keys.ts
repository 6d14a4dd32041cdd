import type { DatabaseSync } from 'node:sqlite';
import type { StoredType } from '../../contract/fields.ts';
import type { KeyedType } from '../../records/all.ts';
import type { LooseKey } from '../../rules/facts.ts';
import { keyNameId } from './key-names.ts';
import { command, objectQuery, valueQuery } from './statements.ts';

/** Accesses the loose keys among the index entries by object. */
export function looseEntries(db: DatabaseSync) {
  // Without the hint, SQLite scans all entries of a name.
  const entries = 'key_entry INDEXED BY loose_key_by_object';
  const remove = command<[string, string, number]>(
    db,
    `DELETE FROM ${entries} WHERE name_id = ${keyNameId} AND object_id = ? AND loose`,
  );
  const removeAll = command<[number, string]>(
    db,
    `DELETE FROM ${entries} WHERE object_id = ? AND loose ` +
      'AND name_id IN (SELECT id FROM key_name WHERE object_type = ?)',
  );
  const select = (more: string) =>
    'SELECT n.object_type AS type, object_id AS id, spelled_name AS name, value ' +
    `FROM ${entries} CROSS JOIN key_name AS n ON n.id = name_id ` +
    `WHERE loose AND n.object_type = ? ${more}ORDER BY object_id, n.name`;
  const all = objectQuery<[string], LooseKey>(db, select(''));
  const some = objectQuery<[string, string], LooseKey>(
    db,
    select('AND object_id IN (SELECT value FROM json_each(?)) '),
  );
  const page = objectQuery<[string, number, string, number], LooseKey>(
    db,
    `${select('AND (object_id, n.name) > (?, ?) ')} LIMIT ?`,
  );
  const typesFrom = valueQuery<[string], string>(
    db,
    'SELECT DISTINCT object_type FROM key_name WHERE object_type >= ? ORDER BY object_type',
  );

  return {
    remove: (type: StoredType, id: number, name: string) => remove.run(type, name, id),
    removeAll: (type: KeyedType, id: number) => removeAll.run(id, type),
    of: (type: StoredType, ids?: readonly number[]) =>
      ids === undefined ? all.all(type) : some.all(type, JSON.stringify(ids)),
    after(type: string, id: number, name: string, limit: number): LooseKey[] {
      const found: LooseKey[] = [];
      for (const each of typesFrom.all(type)) {
        const [afterId, afterName] = each === type ? [id, name] : [0, ''];
        found.push(...page.all(each, afterId, afterName, limit - found.length));
        if (found.length === limit) break;
      }
      return found;
    },
  };
}

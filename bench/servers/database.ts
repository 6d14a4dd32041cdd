import { DatabaseSync } from 'node:sqlite';
import { applyInstance } from '../../src/instance/apply.ts';
import { checkInstance } from '../../src/instance/check.ts';
import { openStore } from '../../src/store/open.ts';
import { instance, rowOf } from '../work.ts';
import { createPlainStore } from './plain-store.ts';

const BATCH = 10_000;

/** Makes the database of a target: the instance, and `stored` objects with the keys `changing-0` and so on. */
export async function makeDatabase(file: string, stored: number): Promise<void> {
  const store = await openStore(`sqlite:${file}`);
  const checked = checkInstance(JSON.stringify(instance));
  if (!('instance' in checked)) throw new Error(JSON.stringify(checked.mistakes));
  await applyInstance(store, checked.instance, { mode: 'make', now: new Date(), timeZone: 'UTC' });
  await store.close();
  const plain = createPlainStore(file);
  for (let from = 0; from < stored; from += BATCH) {
    const length = Math.min(BATCH, stored - from);
    plain.sync(Array.from({ length }, (_, index) => rowOf(`changing-${from + index}`, 0)));
  }
  plain.close();
  const db = new DatabaseSync(file);
  db.exec(
    "INSERT OR IGNORE INTO key_field (object_type, name) VALUES ('Opportunity', 'extid'); DELETE FROM journal",
  );
  db.close();
}

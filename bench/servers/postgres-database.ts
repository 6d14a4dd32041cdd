import { applyInstance } from '../../src/instance/apply.ts';
import { checkInstance } from '../../src/instance/check.ts';
import { openStore } from '../../src/store/open.ts';
import { instance } from '../work.ts';
import { syncRows } from './sync-rows.ts';

/** Fills an empty PostgreSQL database: the instance, and `stored` objects with the keys `changing-0` and so on. */
export async function fillPostgres(url: string, stored: number): Promise<void> {
  const store = await openStore(url);
  const checked = checkInstance(JSON.stringify(instance));
  if (!('instance' in checked)) throw new Error(JSON.stringify(checked.mistakes));
  await applyInstance(store, checked.instance, { mode: 'make', now: new Date(), timeZone: 'UTC' });
  for (let from = 0; from < stored; from += 100) {
    const length = Math.min(100, stored - from);
    await syncRows(
      store,
      Array.from({ length }, (_, index) => `changing-${from + index}`),
      0,
      'CREATED',
    );
  }
  await store.close();
}

import { openStore } from '../../src/store/open.ts';
import { create, opportunity } from './fixture.ts';

/** Writes opportunities to the database of the first argument until that fails, and prints what came of it. */
const url = `sqlite:${process.argv[2]}`;
const store = await openStore(url);
let acknowledged = 0;
let error: unknown;
while (error === undefined && acknowledged < 10_000) {
  try {
    await create(store, opportunity(acknowledged + 1, { Name: 'x'.repeat(2000) }));
    acknowledged += 1;
  } catch (thrown) {
    const { name, message, outcomeUnknown } = thrown as Error & { outcomeUnknown: boolean };
    error = { name, message, outcomeUnknown };
  }
}
const kept = (await store.contents()).opportunities.length;
console.log(JSON.stringify({ acknowledged, error, kept }));

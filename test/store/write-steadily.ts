import { openStore } from '../../src/store/open.ts';
import { create, opportunity } from './fixture.ts';

/** Writes an opportunity after the other to the database of the first argument until it is killed. */
const store = await openStore(process.argv[2] ?? '');
for (let id = 1_000; ; id += 1) {
  await create(store, opportunity(id, { Name: `n${id}` }));
  if (id % 10 === 0) console.log(id);
}

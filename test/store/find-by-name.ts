import { openStore } from '../../src/store/open.ts';

/** Run as a program with the URL of a database and a name, prints the ids of the opportunities of this name. */
const [url = '', name = ''] = process.argv.slice(2);
const store = await openStore(url);
const field = (await store.schema()).fields.Opportunity.find('Name');
if (field === undefined) throw new Error('opportunities have no field "Name"');
const { records } = await store.find({
  type: 'Opportunity',
  conditions: [{ subject: { kind: 'field', field }, comparison: 'EQ', value: name }],
  key: undefined,
  associations: [],
  tag: undefined,
  includeArchived: false,
  after: 0,
  limit: 10,
});
process.stdout.write(records.map(({ id }) => id).join(' '));
await store.close();

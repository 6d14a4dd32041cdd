import type { Store } from '../../src/store/store.ts';

/** Maps and values of fields as objects by name, bytes in hexadecimal: what JSON can hold. */
function plain(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (Array.isArray(value)) return value.map(plain);
  const entries: Iterable<[string, unknown]> = isNamed(value) ? value.entries() : Object.entries(value);
  return Object.fromEntries(
    [...entries]
      .filter(([, part]) => part !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, part]) => [name, plain(part)]),
  );
}

const isNamed = (value: object): value is ReadonlyMap<string, unknown> =>
  'entries' in value && typeof value.entries === 'function';

/** Everything that a store keeps, as JSON can hold it; without the sections that hold nothing. */
export async function plainContents(store: Store): Promise<Record<string, unknown>> {
  const { schema, ...records } = await store.contents();
  const fields = Object.entries(schema.fields).map(([owner, { all }]) => [
    owner,
    all.filter(({ custom }) => custom),
  ]);
  return plain({
    fields: Object.fromEntries(fields),
    tags: [...schema.tags],
    channels: [...schema.channels],
    ...Object.fromEntries(Object.entries(records).filter(([, list]) => list.length > 0)),
    users: await store.users.list(),
    secret: await store.secret(),
    journal: await store.journal.newest(1000),
  }) as Record<string, unknown>;
}

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Client, createClient, MktowsFault } from '../../src/client/index.ts';
import { startMktows, type TestServer } from '../../src/testing/index.ts';

let server: TestServer;
let client: Client;
beforeAll(async () => {
  server = await startMktows({ instance: { leads: [{ id: 7 }] }, schema: 'open' });
  client = createClient({ ...server, retries: 0 });
});
afterAll(() => server.close());
beforeEach(() => server.reset());

const keys = (rid: string) => ({ MKTOID: 7, rid });

describe('a client', () => {
  it('inserts, changes and deletes custom objects, more than 100 at a time', async () => {
    const objects = Array.from({ length: 150 }, (_, index) => ({
      keys: keys(`rid${index}`),
      attributes: { seats: index },
    }));
    const created = await client.syncCustomObjects('INSERT', 'Roadshow', objects);
    expect(created.map(({ status }) => status)).toEqual(objects.map(() => 'CREATED'));
    expect(created[149]?.request).toBe(objects[149]);
    const [again] = await client.syncCustomObjects('INSERT', 'Roadshow', objects.slice(0, 1));
    expect(again).toMatchObject({ status: 'FAILED', error: expect.stringContaining('exists') });
    const deleted = await client.deleteCustomObjects('Roadshow', [keys('rid3'), keys('nothing')]);
    expect(deleted.map(({ status }) => status)).toEqual(['DELETED', 'FAILED']);
  });

  it('finds custom objects page by page', async () => {
    await client.syncCustomObjects('UPSERT', 'Roadshow', [
      { keys: keys('a'), attributes: { city: 'Rome', seats: 3 } },
      { keys: keys('b'), attributes: { city: null } },
      { keys: keys('c') },
    ]);
    const query = {
      type: 'roadshow',
      keys: { rid: ['a', 'b', 'c'] },
      includeAttributes: ['city'],
      batchSize: 2,
    };
    const pages = [];
    for await (const page of client.getCustomObjects(query)) pages.push(page);
    expect(pages).toMatchObject([
      {
        type: 'Roadshow',
        objects: [
          { keys: { MKTOID: '7', rid: 'a' }, attributes: { city: 'Rome' } },
          { keys: { MKTOID: '7', rid: 'b' }, attributes: {} },
        ],
        remaining: 1,
      },
      { objects: [{ keys: { rid: 'c' } }], remaining: 0 },
    ]);
    const later = client.getCustomObjects({ type: 'roadshow', streamPosition: pages[0]?.streamPosition });
    expect((await later.next()).value?.objects).toHaveLength(1);
  });

  it('rejects with a fault', async () => {
    const pages = client.getCustomObjects({ type: 'x', streamPosition: 'nonsense' });
    await expect(pages.next()).rejects.toBeInstanceOf(MktowsFault);
  });
});

import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createClient } from '../src/client/index.ts';
import { type MktowsOptions, startMktows } from '../src/index.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mktows-index-'));
});
afterAll(() => rm(folder, { recursive: true }));

const options = (more: MktowsOptions = {}): MktowsOptions => ({
  port: 0,
  database: `sqlite:${join(folder, 'test.db')}`,
  logLevel: 'silent',
  ...more,
});

it('starts a server from code, which makes its first user and keeps what was written', async () => {
  const first = await startMktows(options({ instance: { companies: [{ id: 1, name: 'ACME' }] } }));
  const { newUser } = first;
  if (newUser === undefined) return expect.fail('no user was made');
  const client = createClient({ ...first, ...newUser });
  await client.syncMObjects('INSERT', [{ type: 'Opportunity', attributes: { CompanyId: 1 } }]);
  await first.close();
  await first.close();

  const second = await startMktows(options());
  expect(second).toMatchObject({ newUser: undefined, userIds: [newUser.userId] });
  const page = await createClient({ ...second, ...newUser })
    .getMObjects({ type: 'Opportunity' })
    .next();
  expect(page.value?.objects).toMatchObject([{ id: 1, attributes: { CompanyId: 1 } }]);
  await second.close();
});

it('takes the options of the command line, and checks them as it does', async () => {
  const server = await startMktows(
    options({ database: 'sqlite::memory:', user: 'u', secret: 's', schema: 'open' }),
  );
  const client = createClient({ ...server, userId: 'u', secret: 's' });
  const [result] = await client.syncMObjects('INSERT', [
    { type: 'Opportunity', attributes: { New: 'field' } },
  ]);
  expect(result?.status).toBe('CREATED');
  await server.close();
  await expect(startMktows(options({ port: 70_000 }))).rejects.toThrow(
    'port: Expected a whole number from 0 to 65535.',
  );
  await expect(startMktows(options({ user: 'u' }))).rejects.toThrow('--user needs a secret');
  await expect(startMktows(options({ host: '0.0.0.0', user: 'u', secret: 's' }))).rejects.toThrow(/secret/);
});

it('lets go of the database when it cannot start', async () => {
  const wrong = startMktows(options({ instance: { leads: [{ id: 1, companyId: 9 }] } }));
  await expect(wrong).rejects.toThrow(/no Company 9/);
  await (await startMktows(options())).close();
});

it('leaves no key file behind for a database in memory', async () => {
  const server = await startMktows({ port: 0, database: 'sqlite::memory:', logLevel: 'silent' });
  expect(server.newUser).toBeDefined();
  await server.close();
  expect(existsSync('mktows.key')).toBe(false);
});

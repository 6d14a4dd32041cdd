import { readFile } from 'node:fs/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { openStore } from '../../src/store/open.ts';
import type { StoreError } from '../../src/store/store.ts';
import { makeAuthority } from './certificates.ts';
import { runOn, startEmbedded } from './embedded-postgres.ts';
import { orReason } from './postgres-server.ts';

/** A server whose certificate is for "localhost", who lets `certified` in with a certificate only, and an authority that it does not know. */
async function startSecured() {
  const [authority, stranger] = await Promise.all([makeAuthority(), makeAuthority()]);
  const [host, user] = await Promise.all([authority.sign('localhost'), authority.sign('certified')]);
  const text = (path: string) => readFile(path, 'utf8');
  const server = await startEmbedded({
    settings: { ssl: 'on', ssl_ca_file: 'ca.pem' },
    files: {
      'server.crt': await text(host.certificate),
      'server.key': await text(host.key),
      'ca.pem': await text(authority.certificate),
      'pg_hba.conf': 'hostssl all certified 127.0.0.1/32 cert\nhost all all 127.0.0.1/32 trust\n',
    },
  });
  await runOn(server.url, 'CREATE ROLE certified LOGIN SUPERUSER');
  return { server, authority, stranger, user };
}

const secured = await orReason(startSecured);

describe('PostgreSQL over TLS', () => {
  if (typeof secured === 'string') {
    it.skip(secured, () => {});
    return;
  }
  const { server, authority, stranger, user } = secured;
  afterAll(async () => {
    await server.stop();
    await Promise.all([authority.remove(), stranger.remove()]);
  });

  function urlOf(parameters: Record<string, string>, { host = 'localhost', as = 'postgres' } = {}): string {
    const url = new URL(`postgres://${as}@${host}:${server.port}/postgres`);
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
    return url.href;
  }

  /** Opens the store and says of its connections whether they are secured, and for whom. */
  async function opened(url: string): Promise<unknown[]> {
    const store = await openStore(`${url}&application_name=secured`);
    await store.ping();
    const rows = await runOn(
      server.url,
      "SELECT DISTINCT ssl, usename::text AS user FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE application_name = 'secured'",
    );
    await store.close();
    return rows;
  }

  const refusal = (url: string): Promise<{ failure: string; message: string }> =>
    openStore(url).then(
      () => Promise.reject(new Error('it was opened')),
      ({ failure, message }: StoreError) => ({ failure, message }),
    );
  const unusable = (reason: string | RegExp) => ({
    failure: 'unusable',
    message: expect.stringMatching(reason),
  });

  it('is reached with verify-full and the authority that signed its certificate', async () => {
    const url = urlOf({ sslmode: 'verify-full', sslrootcert: authority.certificate });
    expect(await opened(url)).toEqual([{ ssl: true, user: 'postgres' }]);
  });

  it('is reached with no-verify whoever signed its certificate', async () => {
    expect(await opened(urlOf({ sslmode: 'no-verify' }))).toEqual([{ ssl: true, user: 'postgres' }]);
  });

  it('is reached with a certificate of the user', async () => {
    const files = { sslrootcert: authority.certificate, sslcert: user.certificate, sslkey: user.key };
    const url = urlOf({ sslmode: 'verify-full', ...files }, { as: 'certified' });
    expect(await opened(url)).toEqual([{ ssl: true, user: 'certified' }]);
  });

  it('is refused where another authority is trusted', async () => {
    const url = urlOf({ sslmode: 'verify-full', sslrootcert: stranger.certificate });
    expect(await refusal(url)).toEqual(unusable(/its certificate is not signed by.*sslrootcert/));
  });

  it('is refused where only the authorities that Node knows are trusted', async () => {
    const url = urlOf({ sslmode: 'verify-full' });
    expect(await refusal(url)).toEqual(unusable(/its certificate is not signed by.*sslrootcert/));
  });

  it('is refused under a name that is not in its certificate', async () => {
    const url = urlOf({ sslmode: 'verify-full', sslrootcert: authority.certificate }, { host: '127.0.0.1' });
    expect(await refusal(url)).toEqual(unusable(/its certificate is for another host name/));
  });

  it('is refused without the certificate that it asks of the user', async () => {
    const url = urlOf({ sslmode: 'verify-full', sslrootcert: authority.certificate }, { as: 'certified' });
    expect(await refusal(url)).toEqual(unusable(/it refuses the user or the password/));
  });

  it('whose authority is in no file is refused with the name of the file', async () => {
    const url = urlOf({ sslmode: 'verify-full', sslrootcert: '/nowhere/ca.pem' });
    expect(await refusal(url)).toEqual(unusable(/a file that the URL names cannot be read.*nowhere/));
  });
});

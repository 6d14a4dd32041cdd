import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** A certificate authority of the tests' own; needs the program `openssl`. Everything is good for two days. */
export interface Authority {
  /** The file of its own certificate. */
  readonly certificate: string;
  /** Signs a certificate for this name, which is a host's or a user's, and gives its file and that of its key. */
  sign(name: string): Promise<{ readonly certificate: string; readonly key: string }>;
  remove(): Promise<void>;
}

const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

export async function makeAuthority(): Promise<Authority> {
  const folder = await mkdtemp(join(tmpdir(), 'mktows-ca-'));
  const openssl = (...words: string[]) => promisify(execFile)('openssl', words, { cwd: folder });
  const file = (name: string) => join(folder, name);
  await openssl(
    ...['req', '-x509', ...newKey, '-days', '2', '-subj', '/CN=An authority of the tests'],
    ...['-keyout', 'ca.key', '-out', 'ca.pem'],
  );
  return {
    certificate: file('ca.pem'),
    async sign(name) {
      await openssl(
        'req',
        ...newKey,
        '-subj',
        `/CN=${name}`,
        '-keyout',
        `${name}.key`,
        '-out',
        `${name}.csr`,
      );
      await writeFile(file(`${name}.ext`), `subjectAltName=DNS:${name}\n`);
      await openssl(
        ...['x509', '-req', '-days', '2', '-in', `${name}.csr`, '-extfile', `${name}.ext`],
        ...['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-out', `${name}.pem`],
      );
      return { certificate: file(`${name}.pem`), key: file(`${name}.key`) };
    },
    remove: () => rm(folder, { recursive: true }),
  };
}

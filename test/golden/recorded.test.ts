import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { deflateSync, gunzipSync, gzipSync, inflateSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sign } from '../../src/wire/signature.ts';
import { SECRET, startSeededServer, USER_ID } from '../clients/seeded-server.ts';
import type { TestServer } from '../server/test-server.ts';
import { readRecorded, recordedNames } from '../wire/recorded.ts';
import { infoset } from './infoset.ts';

/**
 * Every recorded request, signed anew, against a server that holds what the sample calls need. The answer is compared
 * with the one in the folder of the case by what it means. UPDATE_GOLDEN=1 writes the answers instead: read them.
 */
let server: TestServer;
beforeEach(async () => {
  server = await startSeededServer();
});
afterEach(() => server.remove());

const codings: Record<string, { undo(bytes: Buffer): Buffer; redo(bytes: Buffer): Buffer }> = {
  gzip: { undo: gunzipSync, redo: gzipSync },
  deflate: { undo: inflateSync, redo: deflateSync },
};

/** The body signed by the user of the tests, in the encoding and coding in which it was recorded. */
function signAnew(body: Buffer, coding: string | undefined, secret: string): Buffer {
  const { undo, redo } = codings[coding ?? ''] ?? {
    undo: (bytes: Buffer) => bytes,
    redo: (bytes: Buffer) => bytes,
  };
  const timestamp = new Date().toISOString();
  const text = undo(body)
    .toString('latin1')
    .replace(/(<mktowsUserId>)[^<]*/, `$1${USER_ID}`)
    .replace(/(<requestTimestamp>)[^<]*/, `$1${timestamp}`)
    .replace(/(<requestSignature>)[^<]*/, `$1${sign(secret, USER_ID, timestamp)}`);
  return redo(Buffer.from(text, 'latin1'));
}

async function replay(name: string): Promise<{ status: number; type: string; text: string }> {
  const { method, path, headers, body } = readRecorded(name);
  const coding = headers['content-encoding'] ?? (body[0] === 0x78 ? 'deflate' : undefined);
  const sent = signAnew(body, coding, name === 'php-bad-signature' ? 'wrong' : SECRET);
  const kept = Object.entries(headers).filter(
    ([header]) => !['host', 'content-length', 'transfer-encoding', 'connection'].includes(header),
  );
  return new Promise((resolve, reject) => {
    const outgoing = request(
      `${server.url}${path}`,
      { method, headers: Object.fromEntries(kept) },
      (answer) => {
        buffer(answer).then((bytes) => {
          const plain = answer.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes;
          const type = answer.headers['content-type'] ?? '';
          resolve({ status: answer.statusCode ?? 0, type, text: plain.toString('utf8') });
        }, reject);
      },
    );
    outgoing.on('error', reject);
    outgoing.end(sent);
  });
}

/** What differs from run to run is written as its name. */
const masked = (xml: string) => xml.replace(/(<newStreamPosition>)[^<]+/, '$1…');

describe('the recorded request', () => {
  it.each(recordedNames)('%s gets its golden answer', async (name) => {
    const folder = new URL(`./${name}/`, import.meta.url);
    const golden = new URL('answer.xml', folder);
    const { status, type, text } = await replay(name);
    const answer = masked(text);
    if (process.env.UPDATE_GOLDEN) {
      mkdirSync(folder, { recursive: true });
      writeFileSync(golden, answer);
    }
    expect(existsSync(golden)).toBe(true);
    expect(infoset(answer)).toEqual(infoset(readFileSync(golden, 'utf8')));
    expect(type).toBe('text/xml; charset=utf-8');
    expect(status).toBe(answer.includes(':Fault>') ? 500 : 200);
  });
});

it.each(['php-oppty-insert', 'php-bad-signature', 'php-empty-list', 'php-mixed-status'])(
  'the answer to %s is the golden one to the byte',
  async (name) => {
    const golden = readFileSync(new URL(`./${name}/answer.xml`, import.meta.url), 'utf8');
    expect((await replay(name)).text).toBe(golden);
  },
);

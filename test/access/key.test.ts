import { existsSync, readdirSync, statSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KeyError, parseKey, readKey } from '../../src/access/key.ts';

const HEX = '00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff';
let folder = '';
let keyFile = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mktows-key-'));
  keyFile = join(folder, 'mktows.key');
});
afterEach(() => rm(folder, { recursive: true }));

const fromFile = (create = false) => readKey({ key: undefined, keyFile }, create);

describe('a key', () => {
  it('is read as hex or base64', () => {
    const bytes = Buffer.from(HEX, 'hex');
    expect(parseKey(HEX)).toEqual(bytes);
    expect(parseKey(` ${HEX.toUpperCase()}\n`)).toEqual(bytes);
    expect(parseKey(bytes.toString('base64'))).toEqual(bytes);
  });

  it.each(['', 'secret', HEX.slice(1), `${HEX}0`, 'zz'.repeat(32)])('is not %j', (text) => {
    expect(parseKey(text)).toBeUndefined();
  });

  it('that the environment gives badly is refused with what was expected', async () => {
    await expect(readKey({ key: 'short', keyFile }, true)).rejects.toThrow(
      /MKTOWS_KEY is not a valid key: expected 64 hex/,
    );
  });
});

describe('a key file', () => {
  it('is made on first need, for its owner only, and read again', async () => {
    const made = await fromFile(true);
    expect(made).toHaveLength(32);
    expect((await stat(keyFile)).mode & 0o777).toBe(0o600);
    expect(await fromFile()).toEqual(made);
  });

  it('is the same for all who need it at the same time', async () => {
    const keys = await Promise.all(Array.from({ length: 8 }, () => fromFile(true)));
    expect(new Set(keys.map((key) => Buffer.from(key).toString('hex'))).size).toBe(1);
  });

  it('appears with its whole text, so that a process that is killed leaves no empty one', async () => {
    for (let round = 0; round < 20; round += 1) {
      let isMade = false;
      const making = fromFile(true).finally(() => {
        isMade = true;
      });
      const seen = new Set<number>();
      while (!isMade) {
        if (existsSync(keyFile)) seen.add(statSync(keyFile).size);
        await nextTurn();
      }
      await making;
      expect([...seen].filter((size) => size !== 65)).toEqual([]);
      expect(readdirSync(folder)).toEqual(['mktows.key']);
      await rm(keyFile);
    }
  });

  it('that is empty is refused with what to do', async () => {
    await writeFile(keyFile, '', { mode: 0o600 });
    await expect(fromFile(true)).rejects.toThrow(/is empty: bring it back from a backup/);
  });

  it('that is missing is not made where it is only read', async () => {
    await expect(fromFile()).rejects.toThrow(/key file .* is missing/);
  });

  it.each([0o640, 0o604, 0o666])('that others can use is refused: mode %i', async (mode) => {
    await writeFile(keyFile, HEX);
    await chmod(keyFile, mode);
    await expect(fromFile(true)).rejects.toThrow(/others can use the key file .*"chmod 600 /);
  });

  it('of another size is refused and left as it is', async () => {
    await writeFile(keyFile, 'abc', { mode: 0o600 });
    await expect(fromFile(true)).rejects.toThrow(/holds no key: .* found 3 characters/);
    expect(await readFile(keyFile, 'utf8')).toBe('abc');
  });

  it('in a folder that is not there is an error of one line', async () => {
    const missing = readKey({ key: undefined, keyFile: join(folder, 'none', 'x.key') }, true);
    await expect(missing).rejects.toThrow(KeyError);
    await expect(missing).rejects.toThrow(/^cannot make the key file [^\n]*$/);
  });
});

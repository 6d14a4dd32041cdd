import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { PassThrough, type Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createLogOutput } from '../../src/server/log-output.ts';
import { printable } from '../../src/server/printable.ts';

const onPosix = it.skipIf(process.platform === 'win32');
const writer = fileURLToPath(new URL('write-many-log-lines.ts', import.meta.url));

describe('the log', () => {
  onPosix('holds up nobody when its reader has stopped', async () => {
    const child = spawn(process.execPath, [writer], { stdio: ['ignore', 'pipe', 'pipe'] });
    expect(Number((await text(child.stdout)).replace('lost ', ''))).toBeGreaterThan(0);
  });

  it.skipIf(process.platform !== 'linux')(
    'holds up nobody when its device is full (needs /dev/full of Linux)',
    async () => {
      const full = openSync('/dev/full', 'w');
      const child = spawn(process.execPath, [writer], { stdio: ['ignore', 'pipe', full] });
      closeSync(full);
      expect(Number((await text(child.stdout as Readable)).replace('lost ', ''))).toBeGreaterThan(0);
      expect(child.exitCode ?? (await once(child, 'exit'))[0]).toBe(0);
    },
  );

  onPosix('ends nobody when its reader has gone', async () => {
    const child = spawn(process.execPath, [writer], { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stderr.destroy();
    expect(await text(child.stdout)).toMatch(/^lost \d+\n$/);
    expect(child.exitCode ?? (await once(child, 'exit'))[0]).toBe(0);
  });

  onPosix('says how many lines were lost once it is read again, and breaks none', async () => {
    const reader = spawn('cat', { stdio: ['pipe', 'pipe', 'ignore'] });
    reader.kill('SIGSTOP');
    const reported: number[] = [];
    const output = createLogOutput(reader.stdin, (lines) => {
      reported.push(lines);
      reader.stdin.end();
    });
    const line = `${'x'.repeat(999)}\n`;
    let written = 0;
    while (output.lost < 10 && written < 100_000) {
      output.write(line);
      written += 1;
    }
    expect(reported).toEqual([]);
    reader.kill('SIGCONT');
    expect(await text(reader.stdout)).toBe(line.repeat(written - 10));
    expect(reported).toEqual([10]);
  });

  it('writes what is invisible as JSON does', async () => {
    const stream = new PassThrough({ encoding: 'utf8' });
    const line = { user: 'a\u0007\u009b31m\u202eb\u2028\u{e0041}', name: 'Müller 東京 👍' };
    createLogOutput(stream, () => {}).write(`${JSON.stringify(line)}\n`);
    const written = String(stream.read());
    expect(written).toBe(
      '{"user":"a\\u0007\\u009b31m\\u202eb\\u2028\\udb40\\udc41","name":"Müller 東京 👍"}\n',
    );
    expect(JSON.parse(written)).toEqual(line);
  });
});

describe('a printable text', () => {
  it.each([
    ['two\nlines\r\n', 'two\\nlines\\r\\n'],
    ['\u001b[31mred\u001b[0m', '\\u001b[31mred\\u001b[0m'],
    ['\u009b31m', '\\u009b31m'],
    ['abc\u202edcba', 'abc\\u202edcba'],
    ['\ud800', '\\ud800'],
    ['Müller, 東京, 👍', 'Müller, 東京, 👍'],
  ])('of %j is %j', (foreign, shown) => {
    expect(printable(foreign)).toBe(shown);
  });
});

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { mktows, start } from './mktows.ts';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));

describe('mktows', () => {
  it('as a program ends with status 1 and one line when it is refused', async () => {
    const { status, err } = await start(['fly']).ended;
    expect(status).toBe(1);
    expect(err).toMatch(/^mktows: [^\n]+\n$/);
  });

  it('says on an older Node which it needs, before it imports what that lacks', async () => {
    const older = `import { registerHooks } from 'node:module';
      Object.defineProperty(process.versions, 'node', { value: '20.20.2' });
      registerHooks({ resolve(name, context, next) {
        if (context.parentURL?.endsWith('/main.ts')) throw new Error('imports ' + name);
        return next(name, context);
      } });`;
    const options = `--import data:text/javascript,${encodeURIComponent(older)}`;
    const { status, err } = await start([], { env: { NODE_OPTIONS: options } }).ended;
    expect([status, err]).toEqual([1, expect.stringMatching(/^mktows: needs Node 24 .* 20\.20\.2\b.*\n$/)]);
  });

  it('takes an empty variable as one that is not set', async () => {
    const { status, err } = await mktows(['wait'], { env: { MKTOWS_TIMEOUT: '', MKTOWS_URL: 'ftp://x' } });
    expect([status, err]).toEqual([1, expect.stringContaining('MKTOWS_URL')]);
  });

  it('--version says its version', async () => {
    expect(await start(['--version']).ended).toMatchObject({ status: 0, out: `${version}\n`, err: '' });
  });

  it('--help names the commands and the key variable', async () => {
    const { status, out } = await mktows(['--help']);
    expect(status).toBe(0);
    for (const word of ['serve', 'demo', 'wait', 'instance', 'fields', 'users', 'MKTOWS_KEY']) {
      expect(out).toContain(word);
    }
  });

  it('serve --help shows each option with its variable', async () => {
    const { status, out } = await mktows(['serve', '--help']);
    expect(status).toBe(0);
    expect(out).toContain('MKTOWS_LIMIT_DAILY');
    expect(out.replace(/\s+/g, ' ')).toContain('(default: 8980, env: MKTOWS_PORT)');
  });

  it.each([[], ['users']])('shows its help for %j and ends with status 0', async (...words) => {
    const { status, out, err } = await mktows(words);
    expect([status, err]).toEqual([0, '']);
    expect(out).toContain(`Usage: ${['mktows', ...words].join(' ')} `);
  });

  it('help of an unknown command names the closest one', async () => {
    const { status, err } = await mktows(['help', 'snc']);
    expect([status, err]).toEqual([1, "mktows: unknown command 'snc' (Did you mean sync?)\n"]);
  });

  it.each([[['fly']], [['users', 'ad']], [['users', 'add']], [['serve', 'extra']]])(
    'refuses %j in one line',
    async (args) => {
      const { status, out, err } = await mktows(args);
      expect([status, out]).toEqual([1, '']);
      expect(err).toMatch(/^mktows: [^\n]+\n$/);
    },
  );
});

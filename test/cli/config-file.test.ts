import { writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeWorkspace, mktows, type Running, start, type Workspace } from './mktows.ts';

let workspace: Workspace;
let running: Running | undefined;
beforeEach(async () => {
  workspace = await makeWorkspace();
});
afterEach(async () => {
  running?.process.kill('SIGKILL');
  await running?.ended;
  await workspace.remove();
});

function config(text: string, name = 'config.toml'): string {
  const path = workspace.path(name);
  writeFileSync(path, text);
  return path;
}

/** The settings that a server announces. */
async function settingsOf(args: readonly string[], env: Record<string, string> = {}): Promise<string> {
  running = start(['serve', '--port', '0', ...args], { env });
  return (await running.line(/^Settings +(.+)$/m))[1] ?? '';
}

const account = { MKTOWS_USER: 'user_1_A', MKTOWS_SECRET: 'a secret of the tests' };

describe('a config file', () => {
  it('sets options under the names of the command line; that and the environment take precedence', async () => {
    const file = config(
      [
        `database = "${workspace.database}"`,
        'log-level = "silent"',
        'schema = "open"',
        'max-depth = 30',
        'limit-rate = 5',
        'limit-daily = 10',
        'allow = ["127.0.0.1", "10.0.0.0/8"]',
      ].join('\n'),
    );
    const settings = await settingsOf(['--config', file, '--limit-rate', '7'], {
      ...account,
      MKTOWS_MAX_DEPTH: '40',
    });
    expect(settings).toBe(
      `--config ${file} --schema open --limit-daily 10 --limit-rate 7 --allow 127.0.0.1,10.0.0.0/8 --max-depth 40 --log-level silent`,
    );
  });

  it('can be JSON, and be named in the environment', async () => {
    const file = config(
      JSON.stringify({ database: workspace.database, 'journal-days': 3, 'log-level': 'silent' }),
      'config.json',
    );
    expect(await settingsOf([], { ...account, MKTOWS_CONFIG: file })).toContain('--journal-days 3');
  });

  it('with mistakes is refused with a line for each, the closest name for an unknown one', async () => {
    const file = config('max-bodys = 3\nport = "x"\nlimits = true\n[secret]\na = 1\n');
    const { status, err } = await mktows(['serve', '--config', file]);
    expect([status, err.split('\n')]).toEqual([
      1,
      [
        `mktows: ${file}: there is no option "max-bodys"; did you mean max-body?`,
        `mktows: ${file}: port: Expected a whole number from 0 to 65535.`,
        `mktows: ${file}: limits: Expected off or marketo.`,
        `mktows: ${file}: secret: expected a text or a number`,
        '',
      ],
    ]);
  });

  it.each([
    ['config.toml', 'port = 1\nsecret = "hidden', /config\.toml:2:\d+: expected TOML, such as port = 8980/],
    [
      'config.json',
      '{\n"secret": "hidden" x}',
      /config\.json:2:\d+: expected JSON, which has neither comments/,
    ],
    ['config.json', '[]', /expected an object with a member for each option$/m],
  ])('%s that cannot be parsed is refused with the place, without its text', async (name, text, message) => {
    const { status, err } = await mktows(['serve', '--config', config(text, name)]);
    expect(status).toBe(1);
    expect(err).toMatch(message);
    expect(err).not.toContain('hidden');
  });

  it('that is missing is refused', async () => {
    const { status, err } = await mktows(['serve', '--config', workspace.path('none.toml')]);
    expect(status).toBe(1);
    expect(err).toContain('cannot read the config file');
  });

  it("gives other commands its database, and its secret is no new user's", async () => {
    const file = config(
      `database = "${workspace.database}"\nuser = "user_1_A"\nsecret = "of serve's user"\n`,
    );
    const added = await mktows(['users', 'add', 'user_2_B', '--create', '--config', file]);
    expect(added.out).toMatch(/^added user_2_B\nsecret [0-9A-F]{40}\n/);
    expect((await mktows(['users', 'list', '--database', workspace.database])).out).toMatch(/^user_2_B\t/);
  });
});

import { availableParallelism } from 'node:os';
import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { defaultWindow } from '../../src/access/authenticate.ts';
import { marketoLimits, noLimits } from '../../src/access/limits.ts';
import { addOptions, environmentName, longName, type OptionGroups, valuesOf } from '../../src/cli/option.ts';
import { optionGroups } from '../../src/cli/option-groups.ts';
import { commandOptions, serveOptions } from '../../src/cli/options.ts';
import { createProgram } from '../../src/cli/program.ts';
import {
  capsOf,
  httpCapsOf,
  limitsOf,
  settingsOf,
  wantsCallWorker,
  windowOf,
} from '../../src/cli/serve-settings.ts';
import { defaultSettings } from '../../src/rules/settings.ts';
import { defaultCaps } from '../../src/wire/caps.ts';
import { mktows } from './mktows.ts';

function serveValues(...args: string[]) {
  const command = addOptions(new Command(), serveOptions)
    .exitOverride()
    .configureOutput({ writeErr: () => {} });
  command.parse(args, { from: 'user' });
  return valuesOf(command, serveOptions);
}

describe('the declared options', () => {
  const all = Object.entries(commandOptions).flatMap(([command, options]) =>
    Object.entries(options).map(([name, declaration]) => ({ command, name, declaration })),
  );

  it.each(all)(
    '$command: $name is named after its flag, and reads its own default',
    ({ name, declaration }) => {
      const words = longName(declaration).slice(2);
      expect(words.replace(/-(.)/g, (_match, letter: string) => letter.toUpperCase())).toBe(name);
      expect(environmentName(declaration)).toBe(`MKTOWS_${words.replaceAll('-', '_').toUpperCase()}`);
      if (declaration.default !== undefined)
        expect(() => declaration.parse(declaration.default ?? '')).not.toThrow();
    },
  );

  it('are those of the commands, no more and no fewer', async () => {
    const found: Record<string, string[]> = {};
    const visit = (command: Command, path: string) => {
      if (command.commands.length > 0) {
        for (const inner of command.commands) visit(inner, `${path} ${inner.name()}`.trim());
      } else found[path] = command.options.map(({ long }) => long ?? '').sort();
    };
    visit(await createProgram(), '');
    const declared = Object.entries(commandOptions).map(([name, options]) => [
      name,
      Object.values(options).map(longName).sort(),
    ]);
    expect(found).toEqual(Object.fromEntries(declared));
  });
});

describe('groups of options', () => {
  const commands = Object.entries(commandOptions).filter(([, options]) => Object.keys(options).length > 8);

  it.each(commands)('%s has each option in one of them', (name, options) => {
    const groups: OptionGroups | undefined = optionGroups[name as keyof typeof optionGroups];
    expect(
      Object.values(groups ?? {})
        .flat()
        .sort(),
    ).toEqual(Object.keys(options).sort());
  });

  it.each(commands)('%s shows them in its help, in their order', async (name) => {
    const groups: OptionGroups = optionGroups[name as keyof typeof optionGroups];
    const { out } = await mktows([...name.split(' '), '--help']);
    const shown = Array.from(
      out.matchAll(/^(\S.*):\n|^ {2}--([a-z-]+)/gm),
      ([, heading, option]) => heading ?? option,
    );
    const declared = Object.entries(groups).flatMap(([heading, names]) => [
      heading,
      ...names.map((option) => option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)),
    ]);
    expect(shown.slice(shown.indexOf(declared[0]))).toEqual([...declared, 'Help', 'help']);
  });
});

it('times of timers are whole milliseconds', () => {
  const times = ['--header-timeout', '1.001', '--body-timeout', '0.0001', '--idle-timeout', '2.0015'];
  expect(httpCapsOf(serveValues(...times))).toMatchObject({ headerTime: 1001, bodyTime: 1, idleTime: 2002 });
});

describe('serve without options', () => {
  it('has the default settings, caps, window and no limits', () => {
    const values = serveValues();
    expect(settingsOf(values)).toEqual(defaultSettings);
    expect(capsOf(values)).toEqual(defaultCaps);
    expect(windowOf(values)).toEqual(defaultWindow);
    expect(limitsOf(values)).toEqual(noLimits);
    expect(values).toMatchObject({
      port: 8980,
      host: '127.0.0.1',
      journalDays: 30,
      allow: [],
      trustProxy: [],
    });
  });
});

describe('serve with options', () => {
  it('opens the schema, but for what has an option of its own', () => {
    expect(settingsOf(serveValues('--schema', 'open'))).toMatchObject({
      unknownFields: 'create',
      externalKeys: 'any',
    });
    expect(settingsOf(serveValues('--schema', 'open', '--unknown-fields', 'ignore'))).toMatchObject({
      unknownFields: 'ignore',
      externalKeys: 'any',
    });
  });

  it("sets Marketo's limits, but for what has an option of its own", () => {
    expect(limitsOf(serveValues('--limits', 'marketo'))).toEqual(marketoLimits);
    expect(limitsOf(serveValues('--limits', 'marketo', '--limit-rate', 'off', '--limit-daily', '5'))).toEqual(
      {
        daily: 5,
        rate: undefined,
        concurrency: 10,
      },
    );
    expect(limitsOf(serveValues('--limit-concurrency', '3'))).toEqual({ ...noLimits, concurrency: 3 });
  });

  it('has a second thread where it is told to, or has the processors, and no limit is set', () => {
    const wants = (...words: string[]) => wantsCallWorker(serveValues(...words));
    expect([wants('--threads', '1'), wants('--threads', '2')]).toEqual([false, true]);
    expect(wants()).toBe(availableParallelism() > 1);
    expect(wants('--threads', '2', '--limits', 'marketo')).toBe(false);
    expect(wants('--threads', '2', '--limit-rate', '100')).toBe(false);
  });

  it('takes lists with commas and over several uses', () => {
    expect(serveValues('--allow', '10.0.0.0/8, ::1', '--allow', '127.0.0.1').allow).toEqual([
      '10.0.0.0/8',
      '::1',
      '127.0.0.1',
    ]);
  });
});

import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { environmentName } from '../src/cli/option.ts';
import { commandOptions } from '../src/cli/options.ts';

const read = (name: string) => readFileSync(new URL(`../deploy/${name}`, import.meta.url), 'utf8');
const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0;
const hasCompose = spawnSync('docker', ['compose', 'version']).status === 0;

describe('deploy/', () => {
  it.each(['mktows.service', 'Dockerfile', 'compose.yaml'])('%s sets variables that there are', (name) => {
    const known = Object.values(commandOptions).flatMap((options) =>
      Object.values(options).map(environmentName),
    );
    const used = Array.from(read(name).matchAll(/MKTOWS_[A-Z_]+/g), ([variable]) => variable);
    expect(used).not.toEqual([]);
    expect(used.filter((variable) => !known.includes(variable))).toEqual([]);
  });

  it.skipIf(!hasSystemd)('mktows.service is a unit that systemd accepts', () => {
    const folder = mkdtempSync(join(tmpdir(), 'mktows-unit-'));
    const unit = join(folder, 'mktows.service');
    // mktows need not be installed here.
    writeFileSync(unit, read('mktows.service').replace('/usr/local/bin/mktows', '/bin/true'));
    const { status, stderr } = spawnSync('systemd-analyze', ['verify', unit], { encoding: 'utf8' });
    rmSync(folder, { recursive: true });
    expect([status, stderr]).toEqual([0, '']);
  });

  it.skipIf(!hasCompose)('compose.yaml is a file that docker compose accepts', () => {
    const { status, stderr } = spawnSync(
      'docker',
      [
        'compose',
        '--file',
        fileURLToPath(new URL('../deploy/compose.yaml', import.meta.url)),
        'config',
        '--quiet',
      ],
      {
        encoding: 'utf8',
        env: {
          ...process.env,
          MKTOWS_USER: 'user_1_A',
          MKTOWS_SECRET: 'secret',
          POSTGRES_PASSWORD: 'secret',
        },
      },
    );
    expect([status, stderr]).toEqual([0, '']);
  });

  it('the Dockerfile copies files that there are, also past its .dockerignore', () => {
    const copied = Array.from(read('Dockerfile').matchAll(/^COPY (?!--from)(.+) \S+$/gm), ([, names = '']) =>
      names.split(' '),
    ).flat();
    const allowed = Array.from(read('Dockerfile.dockerignore').matchAll(/^!(.+)$/gm), ([, name]) => name);
    expect(copied).toEqual(allowed);
    expect(copied.filter((name) => !existsSync(new URL(`../${name}`, import.meta.url)))).toEqual([]);
  });
});

import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runOn } from '../store/sqlite-file.ts';
import { makeWorkspace, mktows, type Workspace } from './mktows.ts';

let workspace: Workspace;
let file: string;
beforeEach(async () => {
  workspace = await makeWorkspace();
  file = workspace.path('instance.json');
});
afterEach(() => workspace.remove());

const run = (...args: string[]) => mktows([...args, '--database', workspace.database]);
/** Makes the database that commands need. */
const makeDatabase = () => run('migrate', '--create');
const write = (instance: object) => writeFile(file, JSON.stringify(instance));

const instance = {
  fields: { Opportunity: [{ name: 'Region', dataType: 'string', size: 40 }] },
  leads: [
    {
      id: 19,
      email: 'lead@example.com',
      createdAt: '2013-06-01T00:00:00.000Z',
      updatedAt: '2013-06-01T00:00:00.000Z',
    },
  ],
};

describe('instance', () => {
  it('apply and export go round', async () => {
    await write(instance);
    const applied = await run('instance', 'apply', file, '--create');
    expect(applied).toMatchObject({
      status: 0,
      out: `applied ${file}: 1 field created, 1 lead created\n`,
      err: '',
    });
    expect(JSON.parse((await run('instance', 'export')).out)).toEqual(instance);
    const copy = workspace.path('copy.json');
    await run('instance', 'export', copy);
    expect(JSON.parse(await readFile(copy, 'utf8'))).toEqual(instance);
    expect((await run('instance', 'apply', copy)).out).toBe(`applied ${copy}: nothing to change\n`);
  });

  it('apply --exact removes what the file does not name', async () => {
    await write(instance);
    await run('instance', 'apply', file, '--create');
    await write({ fields: instance.fields });
    expect((await run('instance', 'apply', file)).out).toContain('nothing to change');
    expect((await run('instance', 'apply', file, '--exact')).out).toContain('1 lead removed');
  });

  it('check prints a line for each mistake, with its place and path', async () => {
    await write({ leads: [{ id: 0 }, { id: 2, mail: 'x' }] });
    const { status, err } = await mktows(['instance', 'check', file]);
    expect(status).toBe(1);
    const lines = err.trimEnd().split('\n');
    expect(lines).toHaveLength(2);
    expect(lines[0]).toContain(`mktows: ${file}:1:12: leads[0].id: `);
    expect(lines[1]).toContain(`mktows: ${file}:1:28: leads[1].mail: `);
  });

  it('check takes a file that is good, alone or against a database, and changes nothing', async () => {
    await write(instance);
    await makeDatabase();
    expect(await mktows(['instance', 'check', file])).toMatchObject({ status: 0, out: `${file} is good\n` });
    expect((await run('instance', 'check', file)).out).toContain('1 field created, 1 lead created');
    expect(JSON.parse((await run('instance', 'export')).out)).toEqual({});
  });

  it('check against a database finds what does not fit it', async () => {
    await write({ leads: [{ id: 19, companyId: 7 }, { id: 0 }] });
    await makeDatabase();
    expect((await run('instance', 'check', file)).err).toBe(
      `mktows: ${file}:1:20: leads[0].companyId: no Company 7 in the file or the database\n` +
        `mktows: ${file}:1:36: leads[1].id: expected at least 1, not 0\n`,
    );
  });

  it.each([['instance', 'apply'], ['fields', 'add'], ['users', 'add'], ['migrate']])(
    '%s %s makes no database where there is none, unless --create says so',
    async (...command) => {
      await write(instance);
      const words: Record<string, string[]> = {
        instance: [file],
        fields: ['--type', 'Opportunity', '--name', 'Region'],
        users: ['partner'],
      };
      const args = [...command, ...(words[command[0] ?? ''] ?? [])];
      const { status, out, err } = await run(...args);
      expect([status, out]).toEqual([1, '']);
      expect(err).toMatch(/^mktows: there is no mktows database at \S+test\.db: [^\n]+ --create\n$/);
      expect(existsSync(workspace.path('test.db'))).toBe(false);
      expect(await run(...args, '--create')).toMatchObject({ status: 0, err: '' });
    },
  );

  it.each([
    ['instance', 'check'],
    ['instance', 'export'],
    ['fields', 'list'],
    ['users', 'list'],
  ])('%s %s makes no database where there is none, and says so', async (...command) => {
    await write(instance);
    const { status, out, err } = await run(...command, ...(command[1] === 'check' ? [file] : []));
    expect([status, out]).toEqual([1, '']);
    expect(err).toMatch(/^mktows: there is no file \S+test\.db; expected a database that mktows has made\n$/);
    expect(existsSync(workspace.path('test.db'))).toBe(false);
  });

  it('check does not bring a database to a newer form', async () => {
    await write(instance);
    runOn(workspace.path('test.db'), 'PRAGMA application_id = 0x6d6b746f');
    const { status, err } = await run('instance', 'check', file);
    expect([status, err]).toEqual([1, expect.stringMatching(/^mktows: there is no mktows database at /)]);
  });

  it('apply makes no database for a file with a mistake', async () => {
    await writeFile(file, '{"leads": [{"id": 0}]');
    const { status, err } = await run('instance', 'apply', file, '--create');
    expect([status, err]).toEqual([
      1,
      `mktows: ${file}:1:22: expected "," or "}", found the end of the file\n`,
    ]);
    expect(existsSync(workspace.path('test.db'))).toBe(false);
  });

  it('that cannot be read is one line', async () => {
    const { status, err } = await run('instance', 'apply', workspace.folder);
    expect(status).toBe(1);
    expect(err).toMatch(/^mktows: cannot read the instance file [^\n]+: it is a folder\n$/);
  });
});

describe('fields', () => {
  beforeEach(makeDatabase);

  it('are added and listed', async () => {
    const added = await run('fields', 'add', '--type', 'Opportunity', '--name', 'Region', '--size', '255');
    expect(added).toMatchObject({ status: 0, out: 'added Opportunity Region\n', err: '' });
    const { out } = await run('fields', 'list');
    expect(out).toContain('Opportunity\tRegion\tstring\t255\tcustom\n');
    expect(out).toContain('Opportunity\tAmount\tcurrency\t\tstandard\n');
    expect(out).toContain('OpportunityPersonRole\tPersonId\t');
  });

  it('are not added twice', async () => {
    const args = ['fields', 'add', '--type', 'Lead', '--name', 'Region'];
    await run(...args);
    const { status, err } = await run(...args);
    expect([status, err]).toEqual([1, 'mktows: Lead already has a field "Region"\n']);
  });

  it.each([
    [['--type', 'Opportunity', '--name', 'Amount'], /^mktows: name: "Amount" is a standard field/],
    [['--type', 'Opportunity', '--name', 'X', '--data-type', 'strin'], /^mktows: dataType: expected one of/],
    [['--type', 'Opportunity', '--name', 'X', '--data-type', 'date', '--size', '3'], /^mktows: size: /],
    [['--type', 'Order', '--name', 'X'], /Expected Opportunity, OpportunityPersonRole, Lead or Company/],
    [['--type', 'Lead'], /needs --name: the name/],
    [['--name', 'X'], /needs --type: Opportunity, OpportunityPersonRole, Lead or Company/],
  ])('are refused with what is wrong: %j', async (args, reason) => {
    const { status, err } = await run('fields', 'add', ...args);
    expect(status).toBe(1);
    expect(err).toMatch(reason);
    expect(err).toMatch(/^[^\n]+\n$/);
  });
});

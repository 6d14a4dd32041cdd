import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { InstanceReport } from '../instance/apply.ts';
import { exportInstance } from '../instance/export.ts';
import { type InstanceKind, instanceKinds } from '../instance/report.ts';
import { withCreatedStore, withExistingStore } from './database.ts';
import { applyFile, checkFile, readInstanceFile } from './instance-file.ts';
import { addOptions, valuesOf } from './option.ts';
import { instanceApplyOptions, instanceCheckOptions, storeOptions } from './options.ts';
import { printLine } from './output.ts';

/** Adds `mktows instance apply|export|check`. */
export function addInstance(program: Command): void {
  const instance = program
    .command('instance')
    .description('Instance files: fields, tags, channels, programs, companies, leads and objects.');

  addOptions(
    instance
      .command('apply <file>')
      .description('Create or change everything in the file, so that the database matches it.'),
    instanceApplyOptions,
  ).action(async (file: string, _options, command: Command) => {
    const { database, create, exact, timeZone } = valuesOf(command, instanceApplyOptions);
    const instance = await readInstanceFile(file);
    // Checked before the database is opened, so that an invalid file neither creates nor migrates one. An exact file
    // must be complete by itself.
    checkFile(instance, { timeZone, alone: exact });
    const report = await withCreatedStore(database, create, (store) =>
      applyFile(store, instance, { mode: 'make', exact, now: new Date(), timeZone }),
    );
    printLine(`applied ${file}: ${summary(report)}`);
  });

  addOptions(
    instance
      .command('export [file]')
      .description('Write the contents of a database as an instance file, by default to standard output.'),
    storeOptions,
  ).action(async (file: string | undefined, _options, command: Command) => {
    const { database } = valuesOf(command, storeOptions);
    const content = await withExistingStore(database, exportInstance);
    const text = `${JSON.stringify(content, null, 2)}\n`;
    if (file === undefined || file === '-') process.stdout.write(text);
    else await writeFile(file, text);
  });

  addOptions(
    instance
      .command('check <file>')
      .description('Check a file and print a line for each mistake. Changes nothing.'),
    instanceCheckOptions,
  ).action(async (file: string, _options, command: Command) => {
    const { database, timeZone } = valuesOf(command, instanceCheckOptions);
    const instance = await readInstanceFile(file);
    if (database === undefined) {
      checkFile(instance, { timeZone });
      printLine(`${file} is good`);
      return;
    }
    const options = { mode: 'make', dryRun: true, now: new Date(), timeZone } as const;
    const report = await withExistingStore(database, (store) => applyFile(store, instance, options));
    printLine(`${file} is good; applied, it would be ${summary(report)}`);
  });
}

/** Summarizes a report, such as "2 fields created, 1 program updated". Skips kinds without changes. */
function summary(report: InstanceReport): string {
  const parts = instanceKinds.flatMap((kind) =>
    (['created', 'updated', 'removed'] as const).flatMap((outcome) => {
      const number = report[kind][outcome];
      return number === 0
        ? []
        : [`${number} ${number === 1 ? singular[kind] : (plural[kind] ?? kind)} ${outcome}`];
    }),
  );
  return parts.length === 0 ? 'nothing to change' : parts.join(', ');
}

const singular: Readonly<Record<InstanceKind, string>> = {
  fields: 'field',
  tags: 'tag type',
  channels: 'channel',
  programs: 'program',
  companies: 'company',
  leads: 'lead',
  opportunities: 'opportunity',
  roles: 'role',
  workspaces: 'workspace',
  lists: 'list',
  campaigns: 'campaign',
  customObjectTypes: 'custom object type',
  customObjects: 'custom object',
};

/** Plurals that are not the kind itself. */
const plural: { readonly [Kind in InstanceKind]?: string } = {
  customObjectTypes: 'custom object types',
  customObjects: 'custom objects',
};

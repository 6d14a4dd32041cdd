import type { Command } from 'commander';
import { applyInstance } from '../instance/apply.ts';
import { checkInstance } from '../instance/check.ts';
import type { Mistake } from '../instance/mistakes.ts';
import { fieldOwners } from '../rules/schema.ts';
import { withCreatedStore, withExistingStore } from './database.ts';
import { CommandFailure } from './failure.ts';
import { addOptions, type ValuesOf, valuesOf } from './option.ts';
import { optionGroups } from './option-groups.ts';
import { alternatives } from './option-values.ts';
import { fieldAddOptions, storeOptions } from './options.ts';
import { printLine } from './output.ts';

/** Adds `mktows fields add|list`. */
export function addFields(program: Command): void {
  const fields = program
    .command('fields')
    .description('The fields of each type. A running server notices a new one at once.');

  addOptions(
    fields.command('add').description('Define a custom field.'),
    fieldAddOptions,
    optionGroups['fields add'],
  ).action(async (_options, command: Command) => addField(valuesOf(command, fieldAddOptions)));

  addOptions(
    fields
      .command('list')
      .description('List the fields: type, name, data type, size, standard or custom; separated by tabs.'),
    storeOptions,
  ).action(async (_options, command: Command) => {
    const { database } = valuesOf(command, storeOptions);
    const schema = await withExistingStore(database, (store) => store.schema());
    for (const owner of fieldOwners) {
      for (const { name, dataType, size, custom } of schema.fields[owner].all) {
        const columns = [owner, name, dataType, size ?? '', custom ? 'custom' : 'standard'];
        printLine(...columns);
      }
    }
  });
}

/** Validates and adds the field as an instance file that contains only this field. */
async function addField(values: ValuesOf<typeof fieldAddOptions>): Promise<void> {
  const { database, create, type, name, dataType, size, displayName, description } = values;
  if (type === undefined) throw new CommandFailure(`fields add needs --type: ${alternatives(fieldOwners)}`);
  if (name === undefined) throw new CommandFailure('fields add needs --name: the name of the new field');
  const field = { name, dataType, size, displayName, description };
  const checked = checkInstance(JSON.stringify({ fields: { [type]: [field] } }));
  if ('mistakes' in checked) throw mistaken(checked.mistakes);
  const options = { mode: 'add', now: new Date(), timeZone: 'UTC' } as const;
  const result = await withCreatedStore(database, create, (store) =>
    applyInstance(store, checked.instance, options),
  );
  if ('mistakes' in result) throw mistaken(result.mistakes);
  if (result.report.fields.created === 0) throw new CommandFailure(`${type} already has a field "${name}"`);
  printLine(`added ${type} ${name}`);
}

/** Keeps the last part of a path such as `fields.Lead[0].size`; the rest is meaningless here. */
const mistaken = (mistakes: readonly Mistake[]) =>
  new CommandFailure(...mistakes.map(({ path, message }) => `${path.replace(/^.*\./, '')}: ${message}`));

import type { Command } from 'commander';
import { Argument } from 'commander';
import { createClient } from '../client/client.ts';
import { MktowsError } from '../client/errors.ts';
import { failureText } from '../client/failure-text.ts';
import type { FoundMObject, MObjectKey, MObjectType } from '../client/objects.ts';
import { enumerations } from '../contract/enumerations.ts';
import { syncTypes } from '../contract/fields.ts';
import { endpointOf } from './endpoint.ts';
import { CommandFailure } from './failure.ts';
import { deleteOptions, describeOptions, getOptions } from './object-options.ts';
import { addOptions, argument, type ValuesOf, valuesOf } from './option.ts';
import { optionGroups } from './option-groups.ts';
import * as value from './option-values.ts';
import { printLine } from './output.ts';
import { createRowWriter, type Row } from './row-writer.ts';
import { endpointOptions } from './sync-options.ts';

const typeArgument = <Type extends string>(types: readonly Type[]) =>
  new Argument('<type>', `the type: ${value.alternatives(types)}`).argParser(argument(value.choice(types)));

/** Adds `mktows get`. */
export function addGet(program: Command): void {
  const command = program
    .command('get')
    .description('Find objects on a server and print them: leads by --id, --email or --key.')
    .addArgument(typeArgument([...syncTypes, 'Lead']));
  addOptions(command, getOptions, optionGroups.get).action((type: MObjectType | 'Lead') =>
    told(() => {
      const values = valuesOf(command, getOptions);
      return type === 'Lead' ? getLeads(values) : get(type, values);
    }),
  );
}

/** Adds `mktows describe`. */
export function addDescribe(program: Command): void {
  const command = program
    .command('describe <type>')
    .description('Print the fields that a type has on a server.');
  addOptions(command, describeOptions).action((type: string) =>
    told(async () => {
      const { format, ...values } = valuesOf(command, describeOptions);
      const { fields } = await createClient(endpointOf(values)).describeMObject(type);
      const writer = createRowWriter(format, [
        'name',
        'displayName',
        'dataType',
        'size',
        'isCustom',
        'description',
      ]);
      for (const field of fields) writer.write({ ...field });
      writer.end();
    }),
  );
}

/** Adds `mktows list`. */
export function addList(program: Command): void {
  const command = program.command('list').description('List the types that a server can describe.');
  addOptions(command, endpointOptions).action(() =>
    told(async () => {
      const client = createClient(endpointOf(valuesOf(command, endpointOptions)));
      for (const name of await client.listMObjects()) printLine(name);
    }),
  );
}

/** Adds `mktows delete`. */
export function addDelete(program: Command): void {
  const command = program
    .command('delete')
    .description(
      'Delete objects on a server, and print what became of each. Ends with 1 if one could not be deleted.',
    )
    .addArgument(typeArgument([...syncTypes, 'Lead']));
  addOptions(command, deleteOptions).action((type: MObjectType | 'Lead') =>
    told(() => {
      if (type === 'Lead') throw new CommandFailure(NO_LEADS);
      return remove(type, valuesOf(command, deleteOptions));
    }),
  );
}

const NO_LEADS =
  'no SOAP operation deletes leads: remove one in the console or by DELETE /api/v1/objects/Lead/ID (serve --allow-reset), ' +
  'or several with "mktows instance apply --exact"';

/** Prints the leads that have a key: `--id`, `--email`, or `--key` with the name of a key type. */
async function getLeads(values: ValuesOf<typeof getOptions>): Promise<void> {
  const { id, email, key, where, association, limit = Number.POSITIVE_INFINITY, format } = values;
  if (where.length > 0 || association.length > 0) {
    throw new CommandFailure('leads are found by a key: --where and --association are for other types');
  }
  const keys = [
    ...(id === undefined ? [] : [{ keyType: 'IDNUM', keyValue: id } as const]),
    ...(email === undefined ? [] : [{ keyType: 'EMAIL', keyValue: email } as const]),
    ...(key === undefined ? [] : [{ keyType: readKeyType(key.name), keyValue: String(key.value) }]),
  ];
  const [leadKey] = keys;
  if (leadKey === undefined || keys.length > 1) {
    throw new CommandFailure(
      'which leads? Say one of --id, --email and --key, such as --key SFDCLEADID=00Q5',
    );
  }
  const leads = (await createClient(endpointOf(values)).getLead(leadKey)).slice(0, limit);
  const names = new Set(leads.flatMap(({ attributes }) => Object.keys(attributes)));
  const columns = ['id', 'email', 'foreignSysPersonId', 'foreignSysType', ...names];
  const writer = createRowWriter(format, columns);
  for (const { attributes, ...lead } of leads) writer.write({ ...lead, ...(attributes as Row) });
  writer.end();
}

function readKeyType(name: string) {
  const keyTypes = enumerations.LeadKeyRef;
  const found = keyTypes.find((keyType) => keyType === name.toUpperCase());
  if (found === undefined) {
    throw new CommandFailure(`--key: "${name}" is no key of leads; expected ${value.alternatives(keyTypes)}`);
  }
  return found;
}

async function get(type: MObjectType, values: ValuesOf<typeof getOptions>): Promise<void> {
  const { id, key: externalKey, where, association, limit = Number.POSITIVE_INFINITY, format } = values;
  if (values.email !== undefined) throw new CommandFailure('--email finds leads only: mktows get lead');
  const client = createClient(endpointOf(values));
  const writer = createRowWriter(format, await columnsOf(client, type));
  let left = limit;
  const criteria = where.length === 0 ? undefined : where;
  const associations = association.length === 0 ? undefined : association;
  for await (const { objects } of client.getMObjects({ type, id, externalKey, criteria, associations })) {
    for (const object of objects.slice(0, left)) writer.write(rowOf(object));
    left -= objects.length;
    if (left <= 0) break;
  }
  writer.end();
}

const programColumns = ['Name', 'Type', 'channel', 'tags', 'costs', 'tokens'];

async function columnsOf(client: ReturnType<typeof createClient>, type: MObjectType): Promise<string[]> {
  if (type === 'Program') return ['id', ...programColumns];
  const { fields } = await client.describeMObject(type);
  const names = fields.map(({ name }) => name).filter((name) => name !== 'Id');
  return ['id', ...names, 'createdAt', 'updatedAt'];
}

/** An object as one row: its attributes beside its id. */
function rowOf(object: FoundMObject): Row {
  const { attributes, ...others } = object;
  const { Id: _id, ...values } = attributes as Record<string, unknown>;
  const { type: _type, id, ...rest } = others as Record<string, unknown>;
  return { id, ...values, ...rest };
}

async function remove(type: MObjectType, values: ValuesOf<typeof deleteOptions>): Promise<void> {
  const keys = [
    ...values.id.map((id) => ({ type, id })),
    ...values.key.map((externalKey) => ({ type, externalKey })),
  ] as MObjectKey[];
  if (keys.length === 0) throw new CommandFailure('which objects? Say --id or --key');
  const results = await createClient(endpointOf(values)).deleteMObjects(keys);
  const writer = createRowWriter(values.format, ['object', 'status', 'id', 'error']);
  for (const result of results) {
    const { id, externalKey } = result.request;
    const object = id === undefined ? `${externalKey?.name}=${externalKey?.value}` : String(id);
    const error = result.status === 'FAILED' ? result.error : undefined;
    if (error !== undefined) process.exitCode = 1;
    writer.write({ object, status: result.status, id: result.id, error });
  }
  writer.end();
}

/** Reports errors of calls as failures of the command. */
async function told(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof MktowsError)) throw error;
    throw new CommandFailure(failureText(error));
  }
}

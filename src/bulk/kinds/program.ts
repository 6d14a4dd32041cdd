import type { CallOptions } from '../../client/call.ts';
import type { Client } from '../../client/client.ts';
import type { Program, ProgramCost } from '../../client/objects.ts';
import { MAX_MOBJECTS_PER_CALL } from '../../contract/fields.ts';
import type { DescribedField } from '../columns.ts';
import type { KindColumns, RecordKind } from './record-kind.ts';

const TAGS = 'tags.';

const costFields: readonly DescribedField[] = [
  { name: 'Cost Id', displayName: null, dataType: 'integer', size: null },
  { name: 'Cost Month', displayName: null, dataType: 'date', size: null, isMonth: true },
  { name: 'Cost Amount', displayName: null, dataType: 'currency', size: null },
  { name: 'Cost Note', displayName: null, dataType: 'string', size: 2000 },
];

/** Changes of programs, sent by syncMObjects: a cost, the channel and tags in each row. */
export const programKind: RecordKind<Program> = {
  type: 'Program',
  operations: ['UPDATE'],
  rowsPerCall: MAX_MOBJECTS_PER_CALL,
  ownKeys: 'programs are found by id only; --map "Program Number=id" names its column',
  hasEmailSearch: false,
  columns,

  keyOf: ({ id }) => String(id ?? ''),

  make({ id, values }) {
    if (id === undefined) return { problem: 'has no id; expected that of a program on the server' };
    const cost = costOf(values);
    if (cost !== undefined && 'problem' in cost) return cost;
    const tags = Object.entries(values).flatMap(([name, value]): [string, string][] =>
      value === null || !isTag(name) ? [] : [[name.startsWith(TAGS) ? name.slice(TAGS.length) : name, value]],
    );
    const channel = values.Channel ?? undefined;
    return {
      item: {
        type: 'Program',
        id,
        tags: Object.fromEntries(tags),
        ...(channel === undefined ? {} : { channel }),
        ...(cost === undefined ? {} : { costs: [cost] }),
      },
      identities: [`id ${id}`],
      // A cost without an id is added each time that it is sent.
      isRepeatable: cost === undefined || cost.id !== undefined,
    };
  },

  send: (client, items, { operation }) => client.syncMObjects(operation, items),
};

async function columns(client: Client, options: CallOptions): Promise<KindColumns> {
  const tags = await client.getTags(undefined, options);
  const channels = await client.getChannels(undefined, options);
  const tagFields = tags.map(
    ({ type, values }): DescribedField => ({
      name: TAGS + type,
      displayName: type,
      dataType: 'text',
      size: null,
      choices: values,
    }),
  );
  const channel: DescribedField = {
    name: 'Channel',
    displayName: null,
    dataType: 'text',
    size: null,
    choices: channels.map(({ name }) => name),
  };
  return { fields: [...tagFields, channel, ...costFields], targets: [] };
}

const isTag = (name: string): boolean =>
  name !== 'Channel' && !costFields.some((field) => field.name === name);

function costOf(
  values: Readonly<Record<string, string | null>>,
): ProgramCost | { readonly problem: string } | undefined {
  if (costFields.every(({ name }) => values[name] == null)) return undefined;
  const { 'Cost Id': id, 'Cost Month': month, 'Cost Amount': amount, 'Cost Note': note } = values;
  if (month == null || amount == null) {
    const missing = month == null ? 'Cost Month' : 'Cost Amount';
    return { problem: `${missing}: is empty; a cost has a month and an amount` };
  }
  return {
    ...(id == null ? {} : { id: Number(id) }),
    month,
    amount,
    ...(note === undefined ? {} : { note: note ?? ' ' }),
  };
}

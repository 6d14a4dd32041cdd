import { associationFields, type StoredType } from '../contract/fields.ts';
import type { Message } from '../contract/messages.ts';
import type { MObjectRecord, ProgramRecord } from '../records/all.ts';
import type { Schema } from './schema.ts';
import { formatDatetime, formatValue } from './values.ts';

/** A record with its type. */
export type TypedRecord =
  | { readonly type: 'Program'; readonly record: ProgramRecord }
  | { readonly type: StoredType; readonly record: MObjectRecord };

export interface DescribeOptions {
  readonly fields: Schema['fields'];
  /** Include a program's tags, tokens and costs (includeDetails, docs/behaviour.md#programs-in-answers). */
  readonly details: boolean;
  /** IANA name of the zone whose offset datetimes carry. */
  readonly timeZone: string;
}

/** Returns a record as getMObjects answers it (docs/behaviour.md#objects-in-answers). */
export function describeRecord(typed: TypedRecord, options: DescribeOptions): Message<'MObject'> {
  return typed.type === 'Program'
    ? describeProgram(typed.record, options.details)
    : describeObject(typed.type, typed.record, options);
}

const attribList = (pairs: readonly (readonly [string, string | null])[]): Message<'ArrayOfAttrib'> => ({
  attrib: pairs.flatMap(([name, value]) => (value === null ? [] : [{ name, value }])),
});

function describeObject(
  type: StoredType,
  { id, createdAt, updatedAt, values }: MObjectRecord,
  { fields, timeZone }: DescribeOptions,
): Message<'MObject'> {
  const pairs = fields[type].all.map(({ name, dataType }) => {
    const value = name === 'Id' ? id : values.get(name);
    return [name, value === undefined ? null : formatValue(dataType, value, timeZone)] as const;
  });
  const associations = associationsOf(type, values);
  return {
    type,
    id,
    createdAt: formatDatetime(createdAt, timeZone),
    updatedAt: formatDatetime(updatedAt, timeZone),
    attribList: attribList(pairs),
    ...(associations.length > 0 ? { associationList: { mObjAssociation: associations } } : {}),
  };
}

function associationsOf(type: StoredType, values: MObjectRecord['values']): Message<'MObjAssociation'>[] {
  return associationFields[type].flatMap(({ target, field }) => {
    const id = values.get(field.name);
    return id === undefined ? [] : [{ mObjType: target, id: Number(id) }];
  });
}

/**
 * Writes one typeAttrib each for tags (channel first), tokens and costs, in that order
 * (docs/behaviour.md#programs-in-answers).
 */
function describeProgram(program: ProgramRecord, details: boolean): Message<'MObject'> {
  const attributes = attribList([
    ['Name', program.name],
    ['Type', program.type],
    ['Workspace Id', program.workspaceId === null ? null : String(program.workspaceId)],
    ['Workspace Name', program.workspaceName],
    ['Tree Path', program.treePath],
    ['Is Archived', String(program.archived)],
    ['Start Date', program.startDate],
    ['End Date', program.endDate],
  ]);
  const message = { type: 'Program', id: program.id, attribList: attributes };
  if (!details) return message;
  const item = (attrType: string, ...pairs: [string, string | null][]): Message<'TypeAttrib'> => ({
    attrType,
    attrList: attribList(pairs),
  });
  const channel: [string, string][] = program.channel === null ? [] : [['Channel', program.channel]];
  return {
    ...message,
    typeAttribList: {
      typeAttrib: [
        ...[...channel, ...program.tags].map(([type, value]) =>
          item('Tag', ['Type', type], ['Value', value]),
        ),
        ...[...program.tokens].map(([name, value]) => item('Token', ['Name', name], ['Value', value])),
        ...program.costs.map(({ id, month, amount, note }) =>
          item(
            'Cost',
            ['Id', String(id)],
            ['Month', month],
            ['Amount', formatValue('currency', amount, 'UTC')],
            ['Note', note],
          ),
        ),
      ],
    },
  };
}

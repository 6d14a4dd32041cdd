import {
  associationFields,
  byStoredType,
  type ReferenceTarget,
  type SyncType,
  syncTypes,
} from '../contract/fields.ts';
import type { Received, UnreadableParts } from '../contract/messages.ts';
import { shortened } from '../contract/shortened.ts';
import type { KeyedType } from '../records/all.ts';
import type { FieldValue } from '../records/field-values.ts';
import type { WantedKey } from './facts.ts';
import { readInteger } from './numbers.ts';
import type { Condition, ConditionSubject, ObjectQuery, QueryPointer } from './query.ts';
import type { ReadValue } from './read-value.ts';
import { closestName, quote } from './refusal.ts';
import { resolveKey } from './resolve-key.ts';
import { foldName, oneOf, type Schema } from './schema.ts';
import type { MObjectSettings } from './settings.ts';
import { describeUnreadable, firstUnreadable } from './unreadable.ts';
import { readBoolean, readDatetime, readValue } from './values.ts';

/** An invalid query. `missing`: a required part is missing; otherwise a value is invalid. */
export class QueryRefusal extends Error {
  override readonly name = 'QueryRefusal';
  readonly missing: boolean;

  constructor(message: string, missing = false) {
    super(shortened(message, 2000));
    this.missing = missing;
  }
}

function refuse(message: string): never {
  throw new QueryRefusal(message);
}

interface QueryContext {
  readonly schema: Schema;
  readonly settings: MObjectSettings;
  readonly unreadable: UnreadableParts;
}

/** The maximum number of criteria, and of associations, in one query; bounds its cost. */
export const MAX_CRITERIA = 50;

/**
 * Reads the parameters of getMObjects, except the stream position, as a query (docs/behaviour.md#getmobjects). Throws
 * `QueryRefusal`.
 */
export function readQuery(
  params: Received<'ParamsGetMObjects'>,
  context: QueryContext,
): Omit<ObjectQuery, 'after' | 'limit'> {
  const type = readQueryType(params.type);
  refuseUnreadable(params, context);
  const criteria = params.mObjCriteriaList?.mObjCriteria ?? [];
  const associations = params.mObjAssociationList?.mObjAssociation ?? [];
  if (criteria.length > MAX_CRITERIA)
    refuse(`mObjCriteriaList has ${criteria.length} criteria; at most ${MAX_CRITERIA}`);
  if (associations.length > MAX_CRITERIA) {
    refuse(`mObjAssociationList has ${associations.length} associations; at most ${MAX_CRITERIA}`);
  }
  const read = readCriteria(type, criteria, context);
  if (params.id !== undefined && params.id > 0) {
    read.conditions.push({ subject: { kind: 'id' }, comparison: 'EQ', value: params.id });
  }
  return {
    type,
    ...read,
    key: readQueryKey(type, params.externalKey, context),
    associations: associations.map((association) => readAssociation(type, association, context)),
  };
}

/** Reads the type. Throws `QueryRefusal`, with `missing` set if no type was sent. */
export function readQueryType(sent: string | undefined): SyncType {
  const named = sent ?? '';
  const expected = `expected one of ${syncTypes.join(', ')}`;
  if (foldName(named) === '') throw new QueryRefusal(`type is missing; ${expected}`, true);
  return oneOf(syncTypes, named) ?? refuse(`type ${quote(named)}; ${expected}`);
}

function refuseUnreadable(params: object, { unreadable }: QueryContext): void {
  const first = firstUnreadable(params, unreadable);
  if (first !== undefined) refuse(describeUnreadable(first));
}

type Criteria = Pick<ObjectQuery, 'tag' | 'includeArchived'> & { conditions: Condition[] };

function readCriteria(
  type: SyncType,
  criteria: readonly Received<'MObjCriteria'>[],
  context: QueryContext,
): Criteria {
  const conditions: Condition[] = [];
  const tag: { type?: string; value?: string } = {};
  let includeArchived = false;
  for (const criterion of criteria) {
    const name = foldCriterion(criterion.attrName ?? '');
    if (name === '') throw new QueryRefusal('a mObjCriteria has no attrName', true);
    const text = criterion.attrValue ?? '';
    if (type === 'Program' && (name === 'tagtype' || name === 'tagvalue')) {
      const part = name === 'tagtype' ? 'type' : 'value';
      requireEquals(criterion);
      if (tag[part] !== undefined) refuse(`${criterion.attrName}: only one such criterion is accepted`);
      tag[part] = text.trim();
    } else if (type === 'Program' && name === 'includearchive') {
      requireEquals(criterion);
      includeArchived = readCriterionValue(criterion, readBoolean(text.trim())) === true;
    } else {
      const { subject, value } = readSubject(type, name, criterion, context);
      conditions.push({
        subject,
        comparison: criterion.comparison ?? 'EQ',
        value: readCriterionValue(criterion, value),
      });
    }
  }
  const hasTag = tag.type !== undefined || tag.value !== undefined;
  return { conditions, tag: hasTag ? findTag(tag, context.schema) : undefined, includeArchived };
}

/** Returns the defined tag types and values that the criteria match: programs store tags spelled as defined. */
function findTag(
  { type, value }: { type?: string; value?: string },
  { tags, channels }: Schema,
): ObjectQuery['tag'] {
  const meant = (names: Iterable<string>, sent: string) =>
    [...new Set(names)].filter((name) => foldName(name) === foldName(sent));
  return {
    ...(type === undefined ? {} : { types: meant([...tags.keys(), 'Channel'], type) }),
    ...(value === undefined
      ? {}
      : { values: meant([...[...tags.values()].flat(), ...channels.keys()], value) }),
  };
}

/** Folds a criterion name. Criteria are documented with spaces ("Created At"); spaces and case are ignored. */
const foldCriterion = (name: string): string => foldName(name).replaceAll(' ', '');

function requireEquals({ attrName, comparison }: Received<'MObjCriteria'>): void {
  if ((comparison ?? 'EQ') !== 'EQ') refuse(`${attrName}: comparison ${comparison}; expected EQ`);
}

function readCriterionValue({ attrName, attrValue }: Received<'MObjCriteria'>, read: ReadValue): FieldValue {
  return 'value' in read ? read.value : refuse(`${attrName}: ${quote(attrValue ?? '')}; ${read.problem}`);
}

const programNames: Readonly<Record<string, ConditionSubject>> = {
  Name: { kind: 'program', property: 'name' },
  Type: { kind: 'program', property: 'type' },
  'CRM Id': { kind: 'program', property: 'crmId' },
  'Workspace Id': { kind: 'program', property: 'workspaceId' },
  'Workspace Name': { kind: 'program', property: 'workspaceName' },
};

/** Criteria on programs that have parsing rules of their own. */
const otherProgramNames = ['Id', 'Created At', 'Updated At', 'Tag Type', 'Tag Value', 'Include Archive'];

function readSubject(
  type: SyncType,
  name: string,
  criterion: Received<'MObjCriteria'>,
  { schema, settings }: QueryContext,
): { subject: ConditionSubject; value: ReadValue } {
  const text = criterion.attrValue ?? '';
  if (name === 'id') return { subject: { kind: 'id' }, value: readInteger(text.trim()) };
  if (name === 'createdat' || name === 'updatedat') {
    const which = name === 'createdat' ? 'createdAt' : 'updatedAt';
    return { subject: { kind: 'time', which }, value: readDatetime(text.trim(), settings.timeZone) };
  }
  if (type === 'Program') {
    const known = Object.keys(programNames);
    const subject = programNames[known.find((each) => foldCriterion(each) === name) ?? ''];
    if (subject === undefined) return refuseName(criterion, [...known, ...otherProgramNames]);
    return { subject, value: name === 'workspaceid' ? readInteger(text.trim()) : { value: text } };
  }
  const fields = schema.fields[type];
  const sent = criterion.attrName ?? '';
  const field = fields.find(sent) ?? fields.all.find((known) => foldCriterion(known.name) === name);
  if (field === undefined) {
    return refuseName(criterion, ['Created At', 'Updated At', ...fields.all.map((known) => known.name)]);
  }
  // A text longer than the field matches nothing; it is not an error.
  return {
    subject: { kind: 'field', field },
    value: readValue({ ...field, size: null }, text, settings.timeZone),
  };
}

function refuseName({ attrName }: Received<'MObjCriteria'>, known: readonly string[]): never {
  const close = closestName(attrName ?? '', known);
  refuse(
    `attrName ${quote(attrName ?? '')} cannot be compared${close === undefined ? '' : `; did you mean ${close}?`}`,
  );
}

function readQueryKey(
  type: SyncType,
  externalKey: Received<'Attrib'> | undefined,
  context: QueryContext,
): WantedKey | undefined {
  if (externalKey === undefined || (!externalKey.name && !externalKey.value)) return undefined;
  if (type === 'Program') refuse('externalKey: a Program has none; ask by id or by criteria');
  return readKey(type, externalKey, context);
}

function readKey(
  type: KeyedType,
  { name = '', value = '' }: Received<'Attrib'>,
  context: QueryContext,
): WantedKey {
  const key = resolveKey(type, { name, value }, context);
  if ('problem' in key) throw new QueryRefusal(key.problem, key.isMissing);
  return key.refusal === undefined ? key.wanted : refuse(key.refusal);
}

const fieldTargets = byStoredType((type) => associationFields[type].map(({ target }) => target));

/** Opportunities can also be found by lead, through their roles. */
const targetsOf: Readonly<Record<SyncType, readonly ReferenceTarget[]>> = {
  ...fieldTargets,
  Opportunity: [...fieldTargets.Opportunity, 'Lead'],
  Program: [],
};

function readAssociation(
  type: SyncType,
  { mObjType = '', id, externalKey }: Received<'MObjAssociation'>,
  context: QueryContext,
): ObjectQuery['associations'][number] {
  const targets = targetsOf[type];
  const target = oneOf(targets, mObjType);
  if (target === undefined) {
    refuse(
      `mObjAssociation: mObjType ${quote(mObjType)}; an ${type} is found by ${targets.join(' or ') || 'none'}`,
    );
  }
  return { target, pointer: readPointer(target, id, externalKey, context) };
}

function readPointer(
  target: ReferenceTarget,
  id: number | undefined,
  externalKey: Received<'Attrib'> | undefined,
  context: QueryContext,
): QueryPointer {
  if (id !== undefined && id > 0) return { id };
  const { name = '', value = '' } = externalKey ?? {};
  if (name.trim() === '' || value.trim() === '') {
    throw new QueryRefusal(
      `the association with ${target} names no object; expected an id or an externalKey`,
      true,
    );
  }
  return { key: readKey(target, { name, value }, context) };
}

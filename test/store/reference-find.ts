import type { MObjectRecord, ProgramRecord } from '../../src/records/all.ts';
import type { FieldValue } from '../../src/records/field-values.ts';
import type { Condition, FoundObjects, ObjectQuery } from '../../src/rules/query.ts';
import { ascending, holdersIn, type ReferenceState } from './reference-state.ts';

type AnyRecord = MObjectRecord | ProgramRecord;

/** Answers a query by a look at every object of the type. */
export function findIn(state: ReferenceState, query: ObjectQuery): FoundObjects {
  const { type, conditions, key, after, limit } = query;
  const newest = key && holdersIn(state, key)[0];
  const all: AnyRecord[] = [...state.records[type].values()];
  const found = all
    .filter(({ id }) => id > after && (key === undefined || id === newest))
    .filter((record) => conditions.every((condition) => holds(record, condition)))
    .filter((record) => query.associations.every((each) => isAssociated(state, type, record, each)))
    .filter((record) => type !== 'Program' || isChosen(record as ProgramRecord, query))
    .sort(ascending);
  return { type, records: found.slice(0, limit), hasMore: found.length > limit } as FoundObjects;
}

function subjectOf(record: AnyRecord, { subject }: Condition): FieldValue | null | undefined {
  if (subject.kind === 'id') return record.id;
  if (subject.kind === 'time') return record[subject.which];
  if (subject.kind === 'program') return (record as ProgramRecord)[subject.property];
  return (record as MObjectRecord).values.get(subject.field.name);
}

function holds(record: AnyRecord, condition: Condition): boolean {
  const held = subjectOf(record, condition) ?? null;
  const { comparison, value } = condition;
  if (comparison === 'NE') return held !== value;
  if (held === null || typeof held !== typeof value) return false;
  const order =
    typeof held === 'string' ? Buffer.compare(Buffer.from(held), Buffer.from(String(value))) : +held - +value;
  return { EQ: order === 0, LT: order < 0, LE: order <= 0, GT: order > 0, GE: order >= 0 }[comparison];
}

function isAssociated(
  state: ReferenceState,
  type: ObjectQuery['type'],
  record: AnyRecord,
  { target, pointer }: ObjectQuery['associations'][number],
): boolean {
  let id = 'id' in pointer ? pointer.id : holdersIn(state, pointer.key)[0];
  if (id === undefined && target === 'Company' && 'key' in pointer) {
    const [lead] = holdersIn(state, { ...pointer.key, type: 'Lead' });
    id = state.records.Lead.get(lead ?? 0)?.companyId ?? undefined;
  }
  if (id === undefined) return false;
  const { values } = record as MObjectRecord;
  if (type === 'OpportunityPersonRole')
    return values.get(target === 'Lead' ? 'PersonId' : 'OpportunityId') === id;
  if (target === 'Company') return values.get('CompanyId') === id;
  return [...state.records.OpportunityPersonRole.values()].some(
    (role) => role.values.get('PersonId') === id && role.values.get('OpportunityId') === record.id,
  );
}

function isChosen(program: ProgramRecord, { tag, includeArchived }: ObjectQuery): boolean {
  if (program.archived && !includeArchived) return false;
  if (tag === undefined) return true;
  const tags = [
    ...program.tags,
    ...(program.channel === null ? [] : [['Channel', program.channel] as const]),
  ];
  return tags.some(
    ([type, value]) => (tag.types?.includes(type) ?? true) && (tag.values?.includes(value) ?? true),
  );
}

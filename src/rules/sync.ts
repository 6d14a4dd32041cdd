import type { SyncOperation } from '../contract/enumerations.ts';
import { byStoredType, type ReferenceTarget } from '../contract/fields.ts';
import type { Received, UnreadableParts } from '../contract/messages.ts';
import type { CountedType, RecordType } from '../records/all.ts';
import { createDraft, type Draft } from './draft.ts';
import type { Wanted, WantedKey, WantedLookup } from './facts.ts';
import { lookup } from './lookups.ts';
import { NotLoaded } from './missing-data.ts';
import { decideObject } from './object-row.ts';
import type { RowOutcome } from './outcome.ts';
import type { Plan } from './plan.ts';
import { sentCostIds } from './program-items.ts';
import { decideProgram, newCosts } from './program-row.ts';
import { RowRefusal, refuse } from './refusal.ts';
import type { KeyPointer, ObjectRow, RowIdentity, SyncRow } from './row.ts';
import { createFieldFinder } from './row-values.ts';
import type { Schema } from './schema.ts';
import type { MObjectSettings } from './settings.ts';
import { readSyncRow } from './sync-row.ts';

/** A decoded syncMObjects call. `now`: UTC, `YYYY-MM-DDTHH:MM:SS.sssZ`. */
export interface SyncCall {
  readonly mObjects: readonly Received<'MObject'>[];
  readonly operation: SyncOperation;
  readonly unreadable: UnreadableParts;
  readonly settings: MObjectSettings;
  readonly now: string;
}

/** A row as sent, with its outcome. */
export interface RowResult {
  readonly row: RowIdentity;
  readonly outcome: RowOutcome;
}

/** The results of a call that is decided row by row, in the order of its rows. */
export interface RowResults {
  readonly results: readonly RowResult[];
}

/**
 * Plans a call with the definitions known so far. If `facts` hold newer ones, `decide` reads the rows again. Rows are
 * decided in request order; each sees the changes of earlier ones (docs/behaviour.md#order-of-rows).
 */
export function planSync(call: SyncCall, schema: Schema): Plan<RowResults> {
  const depth = call.mObjects.length + 1;
  const read = (known: Schema) => {
    const finders = byStoredType((type) => createFieldFinder(known.fields[type]));
    const context = { ...call, schema: known, pointers: new Map(), finders };
    return call.mObjects.map((mObject) => readSyncRow(mObject, context));
  };
  const rows = read(schema);
  return {
    wanted: { ...wantedBy(rows, depth), costs: costIdsOf(call.mObjects) },
    decide(facts) {
      const draft = createDraft(facts, depth);
      const results = (facts.schema === schema ? rows : read(facts.schema)).map((row) => ({
        row,
        outcome: outcomeOf(row, () => decideRow(row, call, draft)),
      }));
      const more = draft.missing();
      return more === undefined ? { changes: draft.changes(), results } : { more };
    },
  };
}

const undecided: RowOutcome = { status: 'FAILED', id: null };

/**
 * Returns the outcome of one row, FAILED if `decide` refuses it. If data was missing, returns a placeholder, since
 * the call is decided again.
 */
export function outcomeOf(row: RowIdentity, decide: () => RowOutcome): RowOutcome {
  try {
    return decide();
  } catch (error) {
    if (error instanceof RowRefusal) return { status: 'FAILED', id: row.id ?? null, reason: error.message };
    if (error instanceof NotLoaded) return undecided;
    throw error;
  }
}

function decideRow(row: SyncRow, { operation, now }: SyncCall, draft: Draft): RowOutcome {
  switch (row.kind) {
    case 'refused':
      return refuse(row.error);
    case 'Program':
      return decideProgram(row, operation, draft, now);
    default: {
      const decide = () => decideObject(row, operation, draft, now);
      // An association can make a company, which a refused row must not leave behind.
      return row.kind === 'Opportunity' && row.pointers.length > 0 ? draft.attempt(decide) : decide();
    }
  }
}

/** Returns the data that the rows need for certain. Data that depends on what is found is loaded in a second round. */
function wantedBy(rows: readonly SyncRow[], depth: number): Wanted {
  const ids: { [Type in RecordType]?: Set<number> } = {};
  const keys: WantedKey[] = [];
  const pointers = new Set<KeyPointer>();
  const lookups: WantedLookup[] = [];
  const newIds: { [Type in CountedType]?: number } = {};
  const addId = (type: RecordType, id: number) => {
    ids[type] ??= new Set();
    ids[type].add(id);
  };
  const count = (type: CountedType, by: number) => {
    newIds[type] = (newIds[type] ?? 0) + by;
  };

  for (const row of rows) {
    if (row.kind === 'refused') continue;
    if (row.id !== undefined) addId(row.kind, row.id);
    if (row.kind === 'Program') {
      count('Cost', newCosts(row).length);
      continue;
    }
    if (row.id === undefined) count(row.kind, 1);
    if (row.id === undefined && row.key !== undefined) keys.push(row.key.wanted);
    for (const { field, value } of row.values) {
      if (field.references !== null && value !== null) addId(field.references, Number(value));
    }
    for (const pointer of row.pointers) {
      if ('id' in pointer) addId(pointer.target, pointer.id);
      else pointers.add(pointer);
    }
    const pair = pairOf(row);
    if (pair !== undefined) {
      lookups.push(
        lookup('OpportunityPersonRole', 'pair', ...pair),
        lookup('OpportunityPersonRole', 'triple', ...pair, roleOf(row)),
      );
    }
  }
  for (const { target, wanted } of pointers) {
    keys.push(wanted);
    if (target === 'Company') keys.push({ ...wanted, type: 'Lead' });
  }
  return { ids, keys, lookups, newIds, depth };
}

/** Returns the ids of all costs that the rows name, including rows that the known definitions cannot read. */
function costIdsOf(mObjects: SyncCall['mObjects']): number[] {
  const ids: number[] = [];
  for (const { typeAttribList } of mObjects) {
    if (typeAttribList === undefined) continue;
    for (const id of sentCostIds(typeAttribList.typeAttrib)) ids.push(id);
  }
  return ids;
}

/** Returns opportunity and person of a role if the row sends both by id. */
function pairOf(row: ObjectRow): readonly [opportunityId: number, personId: number] | undefined {
  if (row.kind !== 'OpportunityPersonRole' || row.id !== undefined || row.key !== undefined) return undefined;
  const idOf = (name: string, target: ReferenceTarget) => {
    const sent = row.values.find(({ field }) => field.name === name)?.value;
    const pointer = row.pointers.find((each) => each.target === target);
    return Number(sent ?? (pointer !== undefined && 'id' in pointer ? pointer.id : 0));
  };
  const opportunityId = idOf('OpportunityId', 'Opportunity');
  const personId = idOf('PersonId', 'Lead');
  return opportunityId > 0 && personId > 0 ? [opportunityId, personId] : undefined;
}

function roleOf(row: ObjectRow): string | null {
  const sent = row.values.find(({ field }) => field.name === 'Role')?.value ?? null;
  return sent === null ? null : String(sent);
}

import type { FieldDefinition, StoredType } from '../../src/contract/fields.ts';
import type { LeadRecord, MObjectRecord, ProgramRecord } from '../../src/records/all.ts';
import { type FieldValue, fieldValues } from '../../src/records/field-values.ts';
import type {
  AnyRecordChange,
  Changes,
  Decision,
  Facts,
  JournalEntry,
  Wanted,
} from '../../src/rules/facts.ts';
import type { Store } from '../../src/store/store.ts';

/** An opened store of some engine. */
export interface OpenedStore {
  readonly store: Store;
  /** Closes the store and opens the same database again; of a durable engine. */
  reopen(): Promise<Store>;
  /** Opens the same database a second time, as another process would; closed by the caller. Of a shared engine. */
  another(): Promise<Store>;
  cleanup(): Promise<void>;
}

/** How the suite opens an empty store of the engine that it is run over, and what the engine can do. */
export interface StoreEngine {
  open(): Promise<OpenedStore>;
  /** Keeps what was written when the store is closed (`reopen`). */
  readonly isDurable: boolean;
  /** Several processes can have the database open (`another`). */
  readonly isShared: boolean;
}

export const AT = '2026-11-23T12:00:00.000Z';
export const LATER = '2026-11-23T13:00:00.000Z';

export const wanted = (some: Partial<Wanted> = {}): Wanted => ({
  ids: {},
  keys: [],
  newIds: {},
  depth: 10,
  ...some,
});

export const changes = (some: Partial<Changes> = {}): Changes => ({
  records: [],
  looseKeys: [],
  newFields: [],
  ...some,
});

export const done = <Answer>(
  answer: Answer,
  some: Partial<Changes> = {},
  journal: JournalEntry | null = null,
): Decision<Answer> => ({ changes: changes(some), answer, journal });

/** Writes changes that need no facts. */
export const write = (store: Store, some: Partial<Changes>, journal: JournalEntry | null = null) =>
  store.apply(wanted(), () => done(undefined, some, journal));

/** Writes these records anew. */
export const create = (store: Store, ...records: AnyRecordChange[]) => write(store, { records });

/** What the store finds for this. */
export const facts = (store: Store, some: Partial<Wanted>): Promise<Facts> =>
  store.apply(wanted(some), (found) => done(found));

export const mObject = (
  id: number,
  values: Record<string, FieldValue> = {},
  { type = 'Opportunity', updatedAt = AT }: { type?: StoredType; updatedAt?: string } = {},
): MObjectRecord => ({
  id,
  createdAt: AT,
  updatedAt,
  values: fieldValues(type, Object.entries(values)),
});

export const opportunity = (id: number, values: Record<string, FieldValue> = {}): AnyRecordChange => ({
  type: 'Opportunity',
  before: undefined,
  after: mObject(id, values),
});

export const role = (id: number, values: Record<string, FieldValue>): AnyRecordChange => ({
  type: 'OpportunityPersonRole',
  before: undefined,
  after: mObject(id, values, { type: 'OpportunityPersonRole' }),
});

/** A change of an opportunity from these values to those. */
export const changed = (
  id: number,
  before: Record<string, FieldValue>,
  after: Record<string, FieldValue> | undefined,
): AnyRecordChange => ({
  type: 'Opportunity',
  before: mObject(id, before),
  after: after && mObject(id, after, { updatedAt: LATER }),
});

export const lead = (
  id: number,
  values: Record<string, FieldValue>,
  email: string | null = null,
): LeadRecord => ({
  id,
  createdAt: AT,
  updatedAt: AT,
  email,
  companyId: null,
  workspaceId: null,
  values: fieldValues('Lead', Object.entries(values)),
});

export const program = (id: number, some: Partial<ProgramRecord> = {}): ProgramRecord => ({
  id,
  createdAt: AT,
  updatedAt: AT,
  name: `Program ${id}`,
  type: 'Marketing Event',
  channel: null,
  workspaceId: null,
  workspaceName: null,
  treePath: null,
  archived: false,
  startDate: null,
  endDate: null,
  crmId: null,
  tags: new Map(),
  tokens: new Map(),
  costs: [],
  ...some,
});

export const field = (name: string, some: Partial<FieldDefinition> = {}): FieldDefinition => ({
  name,
  displayName: null,
  description: null,
  dataType: 'string',
  size: null,
  custom: true,
  references: null,
  ...some,
});

export const entry = (some: Partial<JournalEntry> = {}): JournalEntry => ({
  callId: '',
  at: AT,
  userId: 'u',
  operation: 'syncMObjects',
  mode: 'UPSERT',
  address: '192.0.2.1',
  fault: null,
  outcomeUnknown: false,
  rows: [],
  ...some,
});

import type { EnumerationValue } from '../../contract/enumerations.ts';
import type { CountedType, RecordType } from '../../records/all.ts';
import { createDraft, type Draft } from '../draft.ts';
import type { Wanted } from '../facts.ts';
import { leadsWanted } from '../leads/sync-leads.ts';
import { unknownFieldsTexts } from '../leads/unknown-lead-fields.ts';
import { findLead } from '../leads/which-lead.ts';
import { type LeadWriting, writeLead } from '../leads/write-lead.ts';
import { lookup } from '../lookups.ts';
import { unlessMissing } from '../missing-data.ts';
import type { RowOutcome } from '../outcome.ts';
import type { Plan } from '../plan.ts';
import { createFieldFinder } from '../row-values.ts';
import type { Schema } from '../schema.ts';
import type { MObjectSettings } from '../settings.ts';
import { outcomeOf, type RowResult, type RowResults } from '../sync.ts';
import type { CsvRow } from './csv-rows.ts';
import { createCounter, type ImportCounts, importSummary } from './import-counts.ts';
import { readImportHeader } from './import-header.ts';
import { type ImportRow, readImportRow } from './import-row.ts';
import { type ListTarget, listOf, listWanted } from './list-target.ts';
import { addMember, type MembershipChange, removeMembership } from './membership.ts';
import type { FoundList } from './static-list.ts';

/** Rows of an import that are written together. */
export interface ImportBatch {
  readonly rows: readonly CsvRow[];
  /** The names in the header. */
  readonly header: readonly string[];
  readonly target: ListTarget;
  readonly mode: EnumerationValue<'ImportToListModeEnum'>;
  readonly campaignId: number | null;
  /** If true, the list's members are removed first. */
  readonly clears: boolean;
  /** The rows before. */
  readonly before: ImportCounts;
  /** True if the import ends with these rows, so that its record is written. */
  readonly isLast: boolean;
  readonly settings: MObjectSettings;
  /** UTC, `YYYY-MM-DDTHH:MM:SS.sssZ`. */
  readonly now: string;
}

export interface BatchResults extends RowResults {
  /** With the rows of earlier batches. */
  readonly counts: ImportCounts;
}

/**
 * Plans a batch with the definitions known so far (docs/behaviour-leads.md#9-importtolist). Each row sees the changes of
 * earlier ones.
 */
export function planImportBatch(batch: ImportBatch, schema: Schema): Plan<BatchResults> {
  const rows = readRows(batch, schema);
  const wanted = wantedBy(batch, rows);
  return {
    wanted,
    decide(facts) {
      const draft = createDraft(facts, wanted.depth, wanted.writes);
      const list = unlessMissing(() => listOf(batch.target, draft));
      if (list === undefined) return { more: draft.missing() as Wanted };
      const change: MembershipChange = { list, now: batch.now, source: 'List import' };
      if (batch.clears) clear(draft, change);
      const counter = createCounter(batch.before);
      const decided = facts.schema === schema ? rows : readRows(batch, facts.schema);
      const results = decided.map((row, index) => {
        const result = resultOf(row, batch, draft, change);
        count(result.outcome, row, rowNumber(batch, index), counter);
        return result;
      });
      const counts = counter.counts();
      if (batch.isLast) unlessMissing(() => recordImport(batch, list, counts, draft));
      const more = draft.missing();
      return more === undefined ? { changes: draft.changes(), results, counts } : { more };
    },
  };
}

const rowNumber = ({ before }: ImportBatch, index: number): number =>
  before.imported + before.failed + before.ignored + index + 1;

function readRows(batch: ImportBatch, schema: Schema): ImportRow[] {
  const { settings, now, campaignId, header } = batch;
  const columns = readImportHeader(header, { schema, settings, now, hasCampaign: campaignId !== null });
  const context = {
    schema,
    settings,
    now,
    unreadable: new Map(),
    find: createFieldFinder(schema.fields.Lead),
    unknownText: unknownFieldsTexts(schema),
  };
  return batch.rows.map((cells) => readImportRow(cells, columns, context));
}

function wantedBy(
  { target, mode, clears, header }: ImportBatch,
  rows: readonly ImportRow[],
): Wanted & { readonly writes: readonly RecordType[] } {
  const list = listWanted(target);
  const leads = leadsWanted(rows.flatMap((row) => ('lead' in row ? [row.lead] : [])));
  const lookups = [...(list.lookups ?? []), ...(leads.lookups ?? [])];
  if (clears && target.id !== undefined) lookups.push(membersOf(target.id));
  const newIds: { [Type in CountedType]?: number } = {
    ...(mode === 'UPSERTLEADS' ? leads.newIds : {}),
    ...list.newIds,
    ListMember: rows.length,
    // Of a row, its changes or New Lead, and the membership. Ids that are not used cost little.
    Activity: rows.length * (header.length + 2),
    ListImport: 1,
  };
  // Whoever clears a list holds it, since its members have no lock of their own.
  const cleared: RecordType[] = clears ? ['StaticList'] : [];
  const writes = [...leads.writes, ...(list.writes ?? []), ...cleared, 'ListMember', 'ListImport'] as const;
  return { ids: { ...leads.ids, ...list.ids }, keys: [], lookups, newIds, writes, depth: rows.length + 1 };
}

const membersOf = (listId: number) => ({ ...lookup('ListMember', 'list', listId), all: true });

/** Removes all members of the list. */
function clear(draft: Draft, change: MembershipChange): void {
  const ids = unlessMissing(() => draft.all(membersOf(change.list.id))) ?? [];
  for (const id of ids) {
    unlessMissing(() => {
      const member = draft.record('ListMember', id);
      if (member !== undefined) removeMembership(draft, id, member.leadId, change);
    });
  }
}

function resultOf(row: ImportRow, batch: ImportBatch, draft: Draft, change: MembershipChange): RowResult {
  if ('problem' in row) {
    const identity = { sentType: 'Lead', id: undefined, echoedKey: undefined };
    return { row: identity, outcome: { status: 'FAILED', id: null, reason: row.problem } };
  }
  const { lead } = row;
  const write = batch.mode === 'UPSERTLEADS' ? upsert : addKnown;
  return { row: lead, outcome: outcomeOf(lead, () => draft.attempt(() => write(row, batch, draft, change))) };
}

type ReadRow = Extract<ImportRow, { readonly lead: unknown }>;

function upsert(
  { lead }: ReadRow,
  { now, settings }: ImportBatch,
  draft: Draft,
  change: MembershipChange,
): RowOutcome {
  const writing: LeadWriting = {
    now,
    timeZone: settings.timeZone,
    workspaceId: null,
    renames: false,
    source: [
      ['Source Type', 'List import'],
      ['Source Info', 'List import'],
      ['List Name', change.list.assetName],
    ],
  };
  const outcome = writeLead(lead, findLead(lead, draft, true), draft, writing);
  addMember(draft, Number(outcome.id), change, outcome.status === 'CREATED');
  return outcome;
}

/** Adds the lead of the address, if there is one. */
function addKnown(
  { lead }: ReadRow,
  _batch: ImportBatch,
  draft: Draft,
  change: MembershipChange,
): RowOutcome {
  const name = typeof lead.email === 'string' ? lead.email : undefined;
  const id = lead.emailKey === undefined ? undefined : draft.newest(lead.emailKey);
  if (id === undefined) return { status: 'SKIPPED', id: null, name, reason: 'no lead has the address' };
  return addMember(draft, id, change)
    ? { status: 'UPDATED', id, name }
    : { status: 'UNCHANGED', id, name, reason: 'is in the list already' };
}

function count(
  { status, reason }: RowOutcome,
  row: ImportRow,
  number: number,
  counter: ReturnType<typeof createCounter>,
): void {
  if (status === 'FAILED') counter.failed(number, reason ?? '');
  else if (status === 'SKIPPED') counter.ignored();
  else counter.imported('tokens' in row ? row.tokens : []);
}

function recordImport(
  { mode, campaignId, now }: ImportBatch,
  { id: listId }: FoundList,
  counts: ImportCounts,
  draft: Draft,
): void {
  const { imported, failed, ignored, tokens } = counts;
  draft.put('ListImport', {
    id: draft.takeId('ListImport'),
    listId,
    campaignId,
    at: now,
    mode,
    rows: imported + failed + ignored,
    imported,
    failed,
    ignored,
    summary: importSummary(counts),
    tokens,
  });
}

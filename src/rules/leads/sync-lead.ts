import type { Message, Received, UnreadableParts } from '../../contract/messages.ts';
import { createDraft, type Draft } from '../draft.ts';
import type { Wanted, WantedLookup } from '../facts.ts';
import { lookup } from '../lookups.ts';
import { unlessMissing } from '../missing-data.ts';
import type { RowOutcome } from '../outcome.ts';
import type { Plan } from '../plan.ts';
import { CodedRefusal, quote, RowRefusal } from '../refusal.ts';
import { createFieldFinder } from '../row-values.ts';
import { foldName, type Schema } from '../schema.ts';
import type { MObjectSettings } from '../settings.ts';
import type { RowResult } from '../sync.ts';
import { cookieForm } from './cookie.ts';
import { leadMessage } from './lead-message.ts';
import { coded, type LeadRow, type RefusedLeadRow, readLeadRow } from './lead-row.ts';
import { leadsWanted } from './sync-leads.ts';
import { findLead, type MeantLead } from './which-lead.ts';
import { apiSource, type LeadWriting, writeLead } from './write-lead.ts';

/** A decoded syncLead call. */
export interface SyncLeadCall {
  readonly lead: Received<'LeadRecord'>;
  /** As sent; empty: none. */
  readonly cookie: string;
  /** As sent; empty: none was named. */
  readonly workspace: string;
  /** If true, the lead is answered. */
  readonly returnsLead: boolean;
  readonly unreadable: UnreadableParts;
  readonly settings: MObjectSettings;
  /** UTC, `YYYY-MM-DDTHH:MM:SS.sssZ`. */
  readonly now: string;
}

export interface SyncLeadResult {
  readonly result: RowResult;
  /** After the write; null if it is not answered. */
  readonly lead: Message<'LeadRecord'> | null;
}

/** The most characters of a cookie: it has an index of its own. */
export const COOKIE_AT_MOST = 500;

/** Plans a syncLead call with the definitions known so far (docs/behaviour-leads.md#3-synclead). */
export function planSyncLead(call: SyncLeadCall, schema: Schema): Plan<SyncLeadResult> {
  const cookie = cookieForm(call.cookie);
  const read = (known: Schema) =>
    readLeadRow(call.lead, cookie === '' ? undefined : cookie, {
      ...call,
      schema: known,
      find: createFieldFinder(known.fields.Lead),
      unknownText: (names) => `syncLead operation failed: unknown fields for import: ${names.join(', ')}`,
    });
  const row = read(schema);
  const workspace = call.workspace.trim();
  const wanted = withWorkspace(leadsWanted([row]), workspace);
  return {
    wanted,
    decide(facts) {
      const draft = createDraft(facts, wanted.depth, wanted.writes);
      const decided = facts.schema === schema ? row : read(facts.schema);
      const outcome = faulting(() => unlessMissing(() => decideLead(decided, workspace, draft, call)));
      const lead =
        outcome === undefined || !call.returnsLead
          ? null
          : unlessMissing(() => answered(Number(outcome.id), draft, facts.schema, call.settings));
      const more = draft.missing();
      if (more !== undefined || outcome === undefined || lead === undefined) return { more: more as Wanted };
      return { changes: draft.changes(), result: { row: decided, outcome }, lead };
    },
  };
}

/** Turns the refusal of the row into the fault of the call. */
function faulting<Result>(decide: () => Result): Result {
  try {
    return decide();
  } catch (error) {
    throw error instanceof RowRefusal ? coded(error).fault() : error;
  }
}

const isDefault = (workspace: string): boolean => workspace === '' || foldName(workspace) === 'default';
const workspaceLookup = (name: string): WantedLookup => lookup('Workspace', 'name', name);

function withWorkspace(wanted: ReturnType<typeof leadsWanted>, workspace: string) {
  if (isDefault(workspace)) return wanted;
  return { ...wanted, lookups: [...(wanted.lookups ?? []), workspaceLookup(workspace)] };
}

function decideLead(
  row: LeadRow | RefusedLeadRow,
  workspace: string,
  draft: Draft,
  { settings, now }: SyncLeadCall,
): RowOutcome {
  if (row.kind === 'refused') throw row.refusal;
  const { cookie } = row;
  if (cookie !== undefined && cookie.length > COOKIE_AT_MOST) {
    throw new CodedRefusal(
      20106,
      `marketoCookie: has ${cookie.length} characters; expected at most ${COOKIE_AT_MOST}`,
    );
  }
  const workspaceId = isDefault(workspace) ? null : workspaceOf(workspace, draft, settings);
  const meant = findLead(row, draft, true);
  if (workspace !== '') requireWorkspace(meant, workspaceId, draft);
  const writing: LeadWriting = {
    now,
    timeZone: settings.timeZone,
    workspaceId,
    renames: true,
    source: apiSource,
  };
  return writeLead(row, meant, draft, writing);
}

/** Returns the id of a workspace, which `--schema open` makes if it is unknown. */
function workspaceOf(name: string, draft: Draft, { undefinedNames }: MObjectSettings): number {
  const known = draft.newest(workspaceLookup(name));
  if (known !== undefined) return known;
  if (undefinedNames === 'fail') {
    throw new CodedRefusal(
      20110,
      `targetWorkspace ${quote(name)} is unknown; define it in the instance file, or serve with --schema open`,
    );
  }
  const id = draft.takeId('Workspace');
  draft.put('Workspace', { id, name });
  return id;
}

/** Refuses a lead of another workspace, unless it was found by its address (docs/behaviour-leads.md#workspaces). */
function requireWorkspace({ lead, by }: MeantLead, workspaceId: number | null, draft: Draft): void {
  if (lead === undefined || by === 'Email' || lead.workspaceId === workspaceId) return;
  const name = (id: number | null) =>
    id === null ? 'Default' : quote(draft.record('Workspace', id)?.name ?? String(id));
  throw new CodedRefusal(
    20106,
    `Lead ${lead.id} is in the workspace ${name(lead.workspaceId)}, and targetWorkspace is ${name(workspaceId)}`,
  );
}

/** Returns the lead as the draft has it now. */
function answered(
  id: number,
  draft: Draft,
  { fields }: Schema,
  { timeZone }: MObjectSettings,
): Message<'LeadRecord'> | null {
  const lead = draft.record('Lead', id);
  if (lead === undefined) return null;
  const foreignId = draft.newest(lookup('LeadForeignId', 'lead', id));
  const { companyId } = lead;
  return leadMessage(
    {
      lead,
      foreignId: foreignId === undefined ? undefined : draft.record('LeadForeignId', foreignId),
      companyName: companyId === null ? undefined : draft.record('Company', companyId)?.name,
    },
    { fields: fields.Lead, timeZone },
  );
}

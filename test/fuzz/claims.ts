import type { Message } from '../../src/contract/messages.ts';
import type { AnswerTypeOf, OperationName } from '../../src/contract/operations.ts';
import type { MObjectSettings } from '../../src/rules/settings.ts';
import type { Written, WrittenKind, WrittenRows } from './change-count.ts';

/** What an answer says was written. */
export interface Claims {
  /** The status of each row, by what the rows are. */
  readonly rows: { readonly [Kind in WrittenKind]?: readonly string[] };
  /** Leads that a merge removed. */
  readonly merged: number;
  /** The operation may write: it is none of those that only read. */
  readonly writes: boolean;
  /** Some of what was written has no row in the answer: leads of an import, what a merge moves. */
  readonly writesMore: boolean;
}

/** The claims of a fault, and of an operation that only reads. */
export const noClaims: Claims = { rows: {}, merged: 0, writes: false, writesMore: false };
const writing = (rows: Claims['rows']): Claims => ({ ...noClaims, rows, writes: true });
const statusesOf = (rows: readonly { readonly status: string }[]) => rows.map(({ status }) => status);

/** Reads the claims of a successful answer. */
export function claimsOf<Name extends OperationName>(
  name: Name,
  answer: Message<AnswerTypeOf<Name>>,
): Claims {
  const { result } = answer as { result: never };
  switch (name) {
    case 'syncMObjects':
    case 'deleteMObjects': {
      const { mObjStatusList }: Message<'ResultSyncMObjects'> = result;
      return writing({ objects: statusesOf(mObjStatusList.mObjStatus) });
    }
    case 'syncLead': {
      const { syncStatus }: Message<'ResultSyncLead'> = result;
      return writing({ leads: [syncStatus.status] });
    }
    case 'syncMultipleLeads': {
      const { syncStatusList }: Message<'ResultSyncMultipleLeads'> = result;
      return writing({ leads: statusesOf(syncStatusList.syncStatus) });
    }
    case 'syncCustomObjects': {
      const { syncCustomObjStatusList }: Message<'ResultSyncCustomObjects'> = result;
      return writing({ customObjects: statusesOf(syncCustomObjStatusList.syncCustomObjStatus) });
    }
    case 'deleteCustomObjects': {
      const { deleteCustomObjStatusList }: Message<'ResultDeleteCustomObjects'> = result;
      return writing({ customObjects: statusesOf(deleteCustomObjStatusList.syncCustomObjStatus) });
    }
    case 'mergeLeads': {
      const { mergeStatus }: Message<'ResultMergeLeads'> = result;
      const isMerged = mergeStatus.status === 'MERGED';
      const merged = isMerged ? (mergeStatus.losingLeadIdList?.integerItem?.length ?? 0) : 0;
      return { ...writing({ other: [mergeStatus.status] }), merged, writesMore: isMerged };
    }
    case 'importToList':
      return { ...writing({}), writesMore: true };
    case 'listOperation':
    case 'requestCampaign':
    case 'scheduleCampaign':
      return writing({});
    default:
      return noClaims;
  }
}

/** Returns the rows' statuses with what the rows are: "leads CREATED"; those of MObjects alone. */
export const statusesIn = ({ rows }: Claims): string[] =>
  Object.entries(rows).flatMap(([kind, statuses]) =>
    statuses.map((status) => (kind === 'objects' ? status : `${kind} ${status}`)),
  );

/** Compares what was stored while some calls were answered with what the answers say. Returns what is wrong. */
export function wrongIn(
  claims: readonly Claims[],
  before: Written,
  after: Written,
  { deleteRoles }: MObjectSettings,
): string | undefined {
  const writesMore = claims.some((claim) => claim.writesMore);
  const written = (kind: WrittenKind): Omit<WrittenRows, 'latest'> => ({
    inserted: after[kind].inserted - before[kind].inserted,
    updated: after[kind].updated - before[kind].updated,
    deleted: after[kind].deleted - before[kind].deleted,
  });
  const claimed = (kind: WrittenKind, status: string) =>
    claims.flatMap(({ rows }) => rows[kind] ?? []).filter((each) => each === status).length;

  for (const kind of ['objects', 'leads', 'customObjects'] as const) {
    const { inserted, updated, deleted } = written(kind);
    const [created, changed] = [claimed(kind, 'CREATED'), claimed(kind, 'UPDATED')];
    const gone =
      kind === 'leads' ? claims.reduce((sum, { merged }) => sum + merged, 0) : claimed(kind, 'DELETED');
    const wrong = (actual: number, expected: number, more: boolean) =>
      more ? actual < expected : actual !== expected;
    if (wrong(inserted, created, writesMore && kind === 'leads'))
      return `${created} rows of ${kind} are CREATED, and ${inserted} were stored`;
    // An activity or a change of its company writes a lead, too.
    if (kind !== 'leads' && !writesMore && updated > created + changed)
      return `${changed} rows of ${kind} are UPDATED, and ${updated} were written`;
    const goesOn = kind === 'objects' && (writesMore || deleteRoles === 'cascade');
    if (wrong(deleted, gone, goesOn || (kind === 'customObjects' && writesMore)))
      return `${gone} rows of ${kind} are gone, and ${deleted} were removed`;
  }
  if (claims.some(({ writes }) => writes)) return undefined;
  const all = Object.keys(after).flatMap((kind) => Object.values(written(kind as WrittenKind)));
  const sum = all.reduce((one, other) => one + other, 0);
  return sum > 0
    ? `${sum} rows, of ${after.other.latest} last, were written by calls that changed nothing`
    : undefined;
}

/** The JSON of the admin API, as the console uses it. */

export const statuses = ['CREATED', 'UPDATED', 'DELETED', 'UNCHANGED', 'SKIPPED', 'FAILED'] as const;
export type Status = (typeof statuses)[number];
export type RowCounts = { readonly [S in Status]?: number };

/** A page of a list. `next` goes back as `after`. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly next: string | null;
}

export interface Session {
  readonly csrf: string;
  readonly expiresAt: string;
}

export interface Fault {
  readonly code: number | string;
  readonly text: string;
}

export interface Overview {
  readonly since: string;
  readonly until: string;
  readonly bucketSeconds: number;
  readonly buckets: readonly Bucket[];
  readonly operations: readonly { operation: string; calls: number; faults: number; rows: RowCounts }[];
  readonly faults: readonly { code: number | string; text: string; calls: number; last: string | null }[];
  readonly reasons: readonly { status: Status; reason: string; rows: number; lastCall: number }[];
  readonly store: readonly { type: string; section: string; count: number }[];
  readonly server: ServerFacts;
}

export interface Bucket {
  readonly at: string;
  readonly calls: number;
  readonly faults: number;
  readonly rows: RowCounts;
  readonly medianMs: number | null;
  readonly p99Ms: number | null;
}

export interface ServerFacts {
  readonly version: string;
  readonly startedAt: string;
  readonly engine: string;
  readonly location: string;
  readonly durability: string;
  readonly userIds: readonly string[];
  readonly endpoint?: string;
}

/** A call in the list. */
export interface CallItem {
  readonly number: number;
  readonly callId: string;
  readonly at: string;
  readonly userId: string;
  readonly operation: string;
  readonly mode: string | null;
  readonly address: string | null;
  readonly fault: Fault | null;
  readonly outcomeUnknown: boolean;
  readonly milliseconds: number | null;
  readonly rows: RowCounts;
  readonly hasBodies: boolean;
}

export interface Change {
  readonly name: string;
  readonly before: unknown;
  readonly after: unknown;
  readonly cut?: boolean;
}

export interface RowResult {
  readonly position: number;
  readonly type: string;
  /** The type among the objects; null: there is none. */
  readonly objectType: string | null;
  readonly id: number | null;
  readonly externalKey: { readonly name: string; readonly value: string } | null;
  readonly name: string | null;
  readonly status: Status;
  readonly reason: string | null;
  readonly changes: readonly Change[];
}

export interface CallDetail extends CallItem {
  readonly rowResults: readonly RowResult[];
  readonly request: string | null;
  readonly answer: string | null;
  readonly bodies: 'kept' | 'pruned' | 'off';
}

/** A call that was refused for its signature. It is not in the journal. */
export interface RefusedSignature {
  readonly callId: string;
  readonly at: string;
  readonly address: string | null;
  readonly fault: number;
  readonly reason: string;
  /** The mistake in the signature, if it can be told. */
  readonly mistake?: string | null;
  /** As sent. */
  readonly userId: string | null;
  readonly requestTimestamp: string | null;
  /** The text that was to be signed. */
  readonly signed: string | null;
  /** How far the timestamp is behind the server's clock. */
  readonly clockDifferenceSeconds: number | null;
}

/** The outcome of a dry run or of a call that was sent. */
export interface Attempt {
  readonly request: string;
  readonly answer: string;
  readonly fault: Fault | null;
  readonly rowResults: readonly RowResult[];
  readonly number: number | null;
}

export type CallToTry =
  | { readonly xml: string; readonly userId?: string }
  | { readonly operation: string; readonly params: unknown; readonly userId?: string };

export interface FieldInfo {
  readonly name: string;
  readonly displayName: string | null;
  readonly dataType: string;
  readonly custom: boolean;
  readonly references: string | null;
}

export interface TypeInfo {
  readonly name: string;
  readonly section: string;
  readonly table: string;
  readonly count: number;
  /** The field that names its objects. */
  readonly nameField: string | null;
  readonly fields: readonly FieldInfo[];
  readonly editable: boolean;
  /** Single objects can be removed: the server was started with --allow-reset. */
  readonly removable: boolean;
}

export interface ObjectItem {
  readonly id: number;
  readonly name: string | null;
  readonly values: Readonly<Record<string, unknown>>;
  readonly createdAt: string | null;
  readonly updatedAt: string | null;
}

export interface Related {
  readonly type: string;
  readonly id: number;
  readonly name: string | null;
  /** The field that refers, of the one or the other. */
  readonly by: string;
  /** It refers to an object that is not there. */
  readonly isMissing: boolean;
}

export interface ObjectDetail extends ObjectItem {
  readonly type: string;
  readonly keys: readonly { name: string; value: string }[];
  /** As the instance file writes it; null: calls create it. */
  readonly fileForm: Readonly<Record<string, unknown>> | null;
  readonly parts: Readonly<Record<string, unknown>>;
  readonly related: readonly Related[];
  /** Lists of which only the newest are in `related`. */
  readonly relatedMore: readonly { readonly type: string; readonly where: string }[];
}

export interface HistoryItem {
  readonly number: number;
  readonly position: number;
  readonly at: string;
  readonly callId: string;
  readonly userId: string;
  readonly operation: string;
  readonly status: Status;
  readonly reason: string | null;
  readonly changes: readonly Change[];
}

export interface UserItem {
  readonly userId: string;
  readonly createdAt: string | null;
  readonly given: boolean;
  /** Why the user cannot call. */
  readonly problem: string | null;
  readonly secrets: readonly { createdAt: string | null; until: string | null }[];
}

export interface Setting {
  readonly option: string;
  readonly value: unknown;
  readonly from: string;
  readonly description: string;
  /** While the server runs. */
  readonly changeable: boolean;
}

export interface Snapshot {
  readonly name: string;
  readonly createdAt: string;
  readonly bytes: number;
}

export interface Snapshots {
  /** The server was started with --allow-reset. */
  readonly allowed: boolean;
  readonly items: readonly Snapshot[];
}

export interface ChaosRule {
  readonly operation: string;
  readonly probability: number;
  readonly fault: number | null;
  readonly delayMs: number | null;
  readonly cut: 'before' | 'after' | null;
  readonly faultWhen: 'before' | 'after';
  readonly times: number | null;
}

/** A rule with the number of calls that it has met. */
export interface UsedChaosRule extends ChaosRule {
  readonly message: string | null;
  readonly used: number;
}

export interface Pipeline {
  readonly at: string;
  readonly stages: readonly PipelineStage[];
}

export interface Costs {
  readonly at: string;
  readonly months: readonly CostMonth[];
}

export interface PipelineStage {
  readonly stage: string | null;
  readonly opportunities: number;
  readonly amount: number;
}

export interface CostMonth {
  readonly month: string;
  readonly amount: number;
}

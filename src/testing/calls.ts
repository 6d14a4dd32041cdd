import type { RowStatus } from '../contract/enumerations.ts';
import type { Received } from '../contract/messages.ts';
import type { JournalEntry, JournalRow } from '../rules/facts.ts';
import type { CallTrace } from '../server/call-trace.ts';

/** A call that the server received. */
export interface ReceivedCall {
  /** Its id in the answer's header `mktows-call-id`, in log and journal. */
  readonly callId: string;
  readonly at: Date;
  /** The operation; null if the request did not get that far. */
  readonly operation: string | null;
  /** INSERT, UPDATE or UPSERT; null for other operations. */
  readonly mode: string | null;
  /** The user who signed it; null if the signature was not found right. */
  readonly userId: string | null;
  /** The fault that it was answered with; null if it succeeded. */
  readonly fault: ReceivedFault | null;
  /** The objects of syncMObjects and deleteMObjects, in order; empty for other operations, and after a fault. */
  readonly rows: readonly ReceivedRow[];
}

/** The fault of a call. */
export interface ReceivedFault {
  readonly code: number;
  /** The text of the fault that the client got. */
  readonly message: string;
  /** The cause that the client was not told, for instance which part of the authentication was wrong. */
  readonly reason: string;
}

/** An object of a call, and what became of it. */
export interface ReceivedRow {
  readonly type: string;
  readonly id: number | null;
  readonly status: RowStatus;
  /** Why it was SKIPPED or FAILED. */
  readonly reason: string | null;
  /** Names of the fields, costs and tags that changed. */
  readonly changed: readonly string[];
  readonly externalKey: { readonly name: string; readonly value: string } | null;
  /** The object as it was sent. */
  readonly sent: Received<'MObject'>;
}

/** Keeps the calls of a test server. */
export interface CallLog {
  readonly calls: readonly ReceivedCall[];
  /** Takes the journal rows of a call that was carried out. */
  decided(entry: Pick<JournalEntry, 'callId' | 'rows'>): void;
  /** Takes what a call held. */
  received(callId: string, params: unknown): void;
  /** Adds a call, before it is answered. */
  answering(trace: CallTrace, at: Date): void;
  clear(): void;
}

export function createCallLog(): CallLog {
  let calls: ReceivedCall[] = [];
  const journalRows = new Map<string, readonly JournalRow[]>();
  const sent = new Map<string, readonly Received<'MObject'>[]>();

  function rowsOf(callId: string): ReceivedRow[] {
    const objects = sent.get(callId) ?? [];
    return (journalRows.get(callId) ?? []).map((row, index) => ({
      type: row.type,
      id: row.id,
      status: row.status as RowStatus,
      reason: row.because ?? null,
      changed: row.changed ?? [],
      externalKey: row.externalKey ?? null,
      sent: objects[index] ?? {},
    }));
  }

  return {
    get calls() {
      return calls;
    },
    decided({ callId, rows }) {
      journalRows.set(callId, rows);
    },
    received(callId, params) {
      const { mObjectList } = params as { mObjectList?: Received<'ArrayOfMObject'> };
      sent.set(callId, mObjectList?.mObject ?? []);
    },
    answering({ callId, operation, mode, userId, fault }, at) {
      if (operation === null && fault === undefined) return;
      calls.push({
        callId,
        at,
        operation,
        mode,
        userId,
        fault: fault
          ? { code: fault.code, message: fault.message, reason: fault.internal ?? fault.message }
          : null,
        rows: fault ? [] : rowsOf(callId),
      });
      journalRows.delete(callId);
      sent.delete(callId);
    },
    clear() {
      calls = [];
    },
  };
}

import type { SoapFault } from '../contract/faults.ts';
import type { JournalEntry } from '../rules/facts.ts';
import type { Journal } from '../store/store.ts';
import type { IncomingCall } from './call.ts';
import type { CallTrace } from './call-trace.ts';
import type { KeptBodies } from './kept-bodies.ts';
import { type Logger, logCall } from './log.ts';
import type { Metrics } from './metrics.ts';
import type { RefusedSignatures } from './refused-signatures.ts';
import type { TrafficCounts } from './traffic-counts.ts';

export interface CallRecordsParts {
  readonly journal: Pick<Journal, 'note'>;
  readonly bodies: Pick<KeptBodies, 'keep'>;
  readonly refused: Pick<RefusedSignatures, 'add'>;
  readonly traffic: Pick<TrafficCounts, 'count'>;
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly now: () => Date;
}

/** Writes what is left of a call: journal, bodies, metrics and log. */
export interface CallRecords {
  /** Journals an answered call whose entry was not written with its changes. */
  answered(trace: CallTrace, address: string | null): void;
  /** Journals a call that ended with a fault; an unsigned one is only remembered. */
  ended(trace: CallTrace, fault: SoapFault, address: string | null): void;
  /** Keeps request and answer, if they are wanted. */
  keep(trace: CallTrace, call: IncomingCall | undefined, answer: string): void;
  /** Counts and logs a call whose answer is out. */
  finished(trace: CallTrace, address: string | null): void;
}

export function createCallRecords(parts: CallRecordsParts): CallRecords {
  const { journal, metrics, logger, traffic } = parts;

  function note(
    { callId, operation, userId, began }: CallTrace,
    address: string | null,
    others: Pick<JournalEntry, 'mode' | 'fault' | 'faultText' | 'outcomeUnknown'>,
  ): void {
    if (userId === null) return;
    const at = parts.now().toISOString();
    const milliseconds = Math.round((performance.now() - began) * 10) / 10;
    journal.note({
      callId,
      at,
      userId,
      operation: operation ?? '',
      address,
      milliseconds,
      rows: [],
      ...others,
    });
  }

  return {
    answered(trace, address) {
      const { answered } = trace;
      if (answered === undefined || answered.isJournaled) return;
      note(trace, address, { mode: answered.mode, fault: null, outcomeUnknown: false });
    },
    ended(trace, fault, address) {
      const { code, message: faultText, outcomeUnknown } = fault;
      if (trace.userId === null) parts.refused.add(trace, fault, address);
      note(trace, address, { mode: trace.mode, fault: code, faultText, outcomeUnknown });
    },
    keep(trace, call, answer) {
      if (call !== undefined && trace.userId !== null) parts.bodies.keep(trace, call, answer);
    },
    finished(trace, address) {
      const seconds = (performance.now() - trace.began) / 1000;
      metrics.count(trace, seconds);
      if (trace.userId !== null) traffic.count(trace, seconds * 1000);
      logCall(logger, trace, address, seconds);
    },
  };
}

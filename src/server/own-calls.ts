import { createLimits, noLimits } from '../access/limits.ts';
import { createLocalBackend } from '../local/local-backend.ts';
import type { JournalEntry } from '../rules/facts.ts';
import type { MObjectSettings } from '../rules/settings.ts';
import { IndexNeeded, type Store } from '../store/store.ts';
import type { WireCaps } from '../wire/caps.ts';
import { encodeFault } from '../wire/fault.ts';
import { createCallHandler, type HandleCall, type IncomingCall } from './call.ts';
import type { CallRecords } from './call-records.ts';
import { type CallTrace, createTrace } from './call-trace.ts';
import { faultFor } from './faults.ts';

export interface OwnCallsParts {
  readonly handleCall: HandleCall;
  readonly records: CallRecords;
  readonly store: Store;
  readonly settings: MObjectSettings;
  readonly caps: WireCaps;
  readonly now: () => Date;
}

/** Calls that did not come over the SOAP endpoint. */
export function createOwnCalls({ handleCall, records, store, settings, caps, now }: OwnCallsParts) {
  async function send(call: IncomingCall): Promise<{ trace: CallTrace; answer: string }> {
    const trace = createTrace();
    let answer: string;
    try {
      answer = await handleCall(call, trace);
      records.answered(trace, call.address);
    } catch (error) {
      const fault = faultFor(error, trace.callId);
      trace.fault = fault;
      records.ended(trace, fault, call.address);
      answer = encodeFault(fault);
    }
    records.keep(trace, call, answer);
    records.finished(trace, call.address);
    return { trace, answer };
  }

  /** Rejects with `IndexNeeded` if the call would first make an index to search by. */
  async function dryRun(call: IncomingCall, userId: string) {
    const trace = createTrace();
    let rows: JournalEntry['rows'] = [];
    const backendFor = createLocalBackend(store, {
      isDry: true,
      decided(entry) {
        rows = entry.rows;
      },
    });
    const authenticate = async () => ({ userId });
    const limits = createLimits(noLimits);
    const handleDry = createCallHandler({ backendFor, settings, authenticate, limits, caps, now });
    let answer: string;
    try {
      answer = await handleDry(call, trace);
    } catch (error) {
      if (error instanceof IndexNeeded) throw error;
      trace.fault = faultFor(error, trace.callId);
      answer = encodeFault(trace.fault);
    }
    return { trace, answer, rows };
  }

  return { send, dryRun };
}

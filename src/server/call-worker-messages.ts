import type { TimeWindow } from '../access/authenticate.ts';
import type { KnownUser } from '../access/users.ts';
import type { FaultCode, SoapFault } from '../contract/faults.ts';
import type { MObjectSettings } from '../rules/settings.ts';
import type { StoreAccess } from '../store/store.ts';
import type { WireCaps } from '../wire/caps.ts';
import type { IncomingCall } from './call.ts';
import type { CallTrace } from './call-trace.ts';

/** The data that the call worker starts with. */
export interface CallWorkerData {
  readonly access: StoreAccess;
  readonly settings: MObjectSettings;
  readonly caps: WireCaps;
  readonly window: TimeWindow | undefined;
  /** The journal gets the values that changed. */
  readonly journalValues: boolean;
}

/** A call for the call worker; undefined: end. */
export type MessageToWorker = WorkerCall | undefined;

export interface WorkerCall {
  /** Identifies the call; the answer repeats it. */
  readonly number: number;
  readonly call: IncomingCall;
  readonly callId: string;
  /** The time when the call was sent, in milliseconds since the epoch. */
  readonly now: number;
  /** The users who may call; undefined: the same as in the previous message. */
  readonly users: ReadonlyMap<string, KnownUser> | undefined;
}

/** A message from the call worker. */
export type MessageFromWorker =
  /** Ready for calls. */
  | { readonly kind: 'ready' }
  /** Failed to start, and ends. */
  | { readonly kind: 'failed'; readonly error: Error }
  /** A log entry. */
  | { readonly kind: 'warning'; readonly details: object; readonly message: string }
  | WorkerAnswer;

export interface WorkerAnswer {
  readonly kind: 'answer';
  readonly number: number;
  /** The text of the answer, or the parts of a `SoapFault`. */
  readonly outcome: string | FaultParts;
  readonly trace: Pick<CallTrace, 'header' | 'operation' | 'known' | 'mode' | 'userId' | 'rows' | 'answered'>;
}

/** A `SoapFault` in a form that can be posted between threads. */
export interface FaultParts {
  readonly code: FaultCode;
  readonly message: string;
  readonly form: SoapFault['form'];
  readonly internal: string | undefined;
  readonly outcomeUnknown: boolean;
  readonly cause: unknown;
}

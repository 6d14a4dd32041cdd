import type { TimeWindow } from '../access/authenticate.ts';
import type { KnownUser } from '../access/users.ts';
import type { FaultCode, SoapFault } from '../contract/faults.ts';
import type { MObjectSettings } from '../rules/settings.ts';
import type { StoreAccess } from '../store/store.ts';
import type { WireCaps } from '../wire/caps.ts';
import type { IncomingCall } from './call.ts';
import type { CallTrace } from './call-trace.ts';

/** What the second thread is given when it starts. */
export interface CallWorkerData {
  readonly access: StoreAccess;
  readonly settings: MObjectSettings;
  readonly caps: WireCaps;
  readonly window: TimeWindow | undefined;
}

/** A call for the second thread; undefined tells it to end. */
export type CallWorkerQuestion = HandedCall | undefined;

export interface HandedCall {
  /** Tells calls apart; the answer has the same. */
  readonly number: number;
  readonly call: IncomingCall;
  readonly callId: string;
  /** Milliseconds since the epoch, when it was handed over. */
  readonly now: number;
  /** Who may call; undefined: the same as with the call before. */
  readonly users: ReadonlyMap<string, KnownUser> | undefined;
}

/** What the second thread says. */
export type CallWorkerAnswer =
  /** It takes calls from now on. */
  | { readonly kind: 'ready' }
  /** It takes none, for this reason, and ends. */
  | { readonly kind: 'failed'; readonly error: Error }
  /** Something for the log. */
  | { readonly kind: 'warning'; readonly details: object; readonly message: string }
  | HandedAnswer;

export interface HandedAnswer {
  readonly kind: 'answer';
  readonly number: number;
  /** The text of the answer, or the parts of a `SoapFault`. */
  readonly outcome: string | FaultParts;
  readonly trace: Pick<CallTrace, 'operation' | 'known' | 'mode' | 'userId' | 'rows' | 'answered'>;
}

/** A `SoapFault` as it goes from thread to thread. */
export interface FaultParts {
  readonly code: FaultCode;
  readonly message: string;
  readonly form: SoapFault['form'];
  readonly internal: string | undefined;
  readonly outcomeUnknown: boolean;
  readonly cause: unknown;
}

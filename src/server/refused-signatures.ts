import type { SoapFault } from '../contract/faults.ts';
import { shortened } from '../contract/shortened.ts';
import { readTimestamp } from '../wire/timestamp.ts';
import type { CallTrace } from './call-trace.ts';

/** A call that was refused before its user was known. */
export interface RefusedSignature {
  readonly callId: string;
  /** UTC, ISO 8601. */
  readonly at: string;
  readonly address: string | null;
  readonly fault: number;
  /** Why; the client is told less. */
  readonly reason: string;
  /** What the Header says, and nobody has proved. */
  readonly userId: string | null;
  readonly requestTimestamp: string | null;
  /** To explain it; not shown. */
  readonly signature: string | null;
  /** The text that was to be signed: timestamp and user id. */
  readonly signed: string | null;
  /** How far the timestamp is behind the server's clock; negative: ahead of it. */
  readonly clockDifferenceSeconds: number | null;
}

/** The last calls that were refused for their signature. Only in memory: strangers must not fill the database. */
export interface RefusedSignatures {
  add(trace: CallTrace, fault: SoapFault, address: string | null): void;
  /** Newest first. */
  list(): readonly RefusedSignature[];
}

const MOST = 100;
const LONGEST = 200;

export function createRefusedSignatures(): RefusedSignatures {
  const last: RefusedSignature[] = [];
  const short = (text: string | null | undefined) => (text ? shortened(text, LONGEST) : null);

  return {
    add({ callId, header }, { code, message, internal }, address) {
      if (code !== 20014 && code !== 20016) return;
      const now = Date.now();
      const { mktowsUserId: userId, requestTimestamp: timestamp, requestSignature: signature } = header ?? {};
      const sent = timestamp ? readTimestamp(timestamp) : undefined;
      last.push({
        callId,
        at: new Date(now).toISOString(),
        address: short(address),
        fault: code,
        reason: shortened(internal ?? message, 2 * LONGEST),
        userId: short(userId),
        requestTimestamp: short(timestamp),
        signature: short(signature),
        signed: userId && timestamp ? shortened(timestamp + userId, 2 * LONGEST) : null,
        clockDifferenceSeconds: sent === undefined ? null : Math.round((now - sent) / 1000),
      });
      if (last.length > MOST) last.shift();
    },
    list: () => last.toReversed(),
  };
}

import { setTimeout as wait } from 'node:timers/promises';
import { type FaultCode, SoapFault } from '../contract/faults.ts';
import type { OperationName } from '../contract/operations.ts';
import type { AroundCall } from './call.ts';

/** A rule that makes some calls fail. Each part that is not null is done, in the order of the properties. */
export interface ChaosRule {
  readonly operation: OperationName | 'any';
  /** The share of the operation's calls that it meets, from 0 to 1. */
  readonly probability: number;
  /** The call goes on after so many milliseconds. */
  readonly delayMs: number | null;
  /** The connection ends without an answer, before or after the call is applied. */
  readonly cut: 'before' | 'after' | null;
  /** The call is answered with this fault. */
  readonly fault: FaultCode | null;
  /** Text of the fault; null: the short text of its code. */
  readonly message: string | null;
  /** If true, the call is applied before the fault is answered. */
  readonly faultWhen: 'before' | 'after';
  /** It holds for so many calls; null: for all. */
  readonly times: number | null;
}

/** A rule, and how many calls it has met. */
export interface UsedChaosRule extends ChaosRule {
  readonly used: number;
}

/** Makes calls fail as rules say. The first rule that meets a call holds. */
export interface Chaos {
  /** The rules that still hold. */
  readonly rules: readonly UsedChaosRule[];
  readonly seed: number;
  /** Replaces all rules. Calls in the same order then meet them in the same way with the same seed. */
  set(rules: readonly ChaosRule[], seed: number): void;
  /** Adds a rule behind the others. */
  add(rule: ChaosRule): void;
  /** Returns whether the connection of this call must end without an answer. Asked once for each call. */
  drops(callId: string): boolean;
  /** Handles a call, or has it fail. */
  readonly around: AroundCall;
  /** Ends all delays, so that a server can stop: calls that wait go on at once. */
  endDelays(): void;
}

/** `received` is told of each call before it is handled. */
export function createChaos(received: (callId: string, params: unknown) => void = () => {}): Chaos {
  let rules: { readonly rule: ChaosRule; used: number }[] = [];
  let seed = 1;
  let random = randomNumbers(seed);
  const dropped = new Set<string>();
  const delaysEnded = new AbortController();

  function take(operation: OperationName): ChaosRule | undefined {
    const met = rules.find(({ rule }) => {
      if (rule.operation !== 'any' && rule.operation !== operation) return false;
      return rule.probability >= 1 || random() < rule.probability;
    });
    if (met === undefined) return undefined;
    met.used += 1;
    if (met.used === met.rule.times) rules = rules.filter((each) => each !== met);
    return met.rule;
  }

  return {
    get rules() {
      return rules.map(({ rule, used }) => ({ ...rule, used }));
    },
    get seed() {
      return seed;
    },
    set(next, nextSeed) {
      rules = next.map((rule) => ({ rule, used: 0 }));
      seed = nextSeed;
      random = randomNumbers(seed);
    },
    add(rule) {
      rules.push({ rule, used: 0 });
    },
    drops: (callId) => dropped.delete(callId),
    endDelays: () => delaysEnded.abort(),
    async around({ operation, params, callId }, perform) {
      received(callId, params);
      const rule = take(operation);
      if (rule === undefined) return perform();
      if (rule.delayMs !== null)
        await wait(rule.delayMs, undefined, { signal: delaysEnded.signal }).catch(() => {});
      if (rule.cut !== null) dropped.add(callId);
      if (rule.cut === 'before')
        throw chosen(20011, 'The connection is cut before the call is applied', false);
      if (rule.fault === null) return perform();
      const isAfter = rule.faultWhen === 'after';
      if (isAfter) await perform();
      throw chosen(rule.fault, rule.message ?? undefined, isAfter);
    },
  };
}

const chosen = (code: FaultCode, message: string | undefined, outcomeUnknown: boolean) =>
  new SoapFault(code, message, { internal: 'a chaos rule asked for it', outcomeUnknown });

/** Returns a generator of numbers from 0 to below 1 that is the same for the same seed (mulberry32). */
function randomNumbers(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

import { SoapFault } from '../contract/faults.ts';
import type { Message } from '../contract/messages.ts';
import type { MergeOutcome } from '../rules/leads/merge.ts';
import type { Operation } from './operation.ts';
import { refuseLostLists } from './unreadable.ts';

/** Losers of a call, at most. */
const LOSERS_AT_MOST = 100;

/**
 * mergeLeads: merges leads into one (docs/behaviour-leads.md#11-mergeleads). Faults: 20109 for a missing list, 20110 for
 * over 100 losers. All other refusals are a status FAILED.
 */
export const mergeLeads: Operation<'mergeLeads'> = async ({ params, unreadable }, { backend, now }) => {
  refuseLostLists(unreadable);
  const { winningLeadKeyList: winner, losingLeadKeyLists: losers } = params;
  if (winner === undefined) throw new SoapFault(20109, 'winningLeadKeyList is missing');
  if (losers === undefined) throw new SoapFault(20109, 'losingLeadKeyLists is missing');
  const { keyList } = losers;
  if (keyList.length > LOSERS_AT_MOST) {
    throw new SoapFault(
      20110,
      `losingLeadKeyLists has ${keyList.length} leads; at most ${LOSERS_AT_MOST} are accepted in a call`,
    );
  }
  const outcome = await backend.merge({ winner, losers: keyList, unreadable, now: now.toISOString() });
  const { status } = outcome;
  return {
    answer: { result: { mergeStatus: mergeStatus(outcome) } },
    mode: null,
    rows: [{ status }],
    isJournaled: true,
  };
};

const mergeStatus = (outcome: MergeOutcome): Message<'MergeStatus'> =>
  outcome.status === 'FAILED'
    ? { winningLeadId: null, losingLeadIdList: null, status: 'FAILED', error: outcome.reason }
    : {
        winningLeadId: outcome.winner,
        losingLeadIdList: { integerItem: outcome.losers.map(({ id }) => id) },
        status: 'MERGED',
        error: null,
      };

import { createDraft } from '../draft.ts';
import type { Wanted } from '../facts.ts';
import { unlessMissing } from '../missing-data.ts';
import type { Plan } from '../plan.ts';
import { listOf } from './list-target.ts';
import { membershipLookup, removeMember } from './membership.ts';
import type { FoundList } from './static-list.ts';

/** Plans to take leads out of a list that is cleared. */
export function planClear({
  list,
  leadIds,
  now,
}: {
  readonly list: FoundList;
  readonly leadIds: readonly number[];
  readonly now: string;
}): Plan<unknown> {
  const writes = ['Lead', 'ListMember', 'Activity'] as const;
  const wanted: Wanted = {
    ids: { StaticList: [list.id], Lead: leadIds },
    keys: [],
    lookups: leadIds.map((leadId) => membershipLookup(list.id, leadId)),
    newIds: { Activity: leadIds.length },
    writes,
    depth: leadIds.length + 1,
  };
  return {
    wanted,
    decide(facts) {
      const draft = createDraft(facts, wanted.depth, writes);
      const change = { list, now, source: 'List import' } as const;
      unlessMissing(() => listOf(list, draft));
      for (const leadId of leadIds) unlessMissing(() => removeMember(draft, leadId, change));
      const more = draft.missing();
      return more === undefined ? { changes: draft.changes() } : { more };
    },
  };
}

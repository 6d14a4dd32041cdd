import type { Backend, FoundLeads } from '../backend.ts';
import { SoapFault } from '../contract/faults.ts';
import { leadMessage } from '../rules/leads/lead-message.ts';
import type { LeadSet } from '../rules/leads/lead-sets.ts';
import { type UtcTime, utcTime } from '../rules/utc-time.ts';
import { refusalsAreFaults } from './coded-faults.ts';
import { includedNames } from './included-names.ts';
import { type LeadPosition, readLeadPosition, writeLeadPosition } from './lead-position.ts';
import { type NamedLeads, readLeadSelector, readSeconds } from './lead-selector.ts';
import { type Operation, type OperationCall, type OperationContext, readOutcome } from './operation.ts';
import { pageSize } from './page-size.ts';
import { refuseUnreadable } from './unreadable.ts';

/** Leads per page: the default, and the most. */
const PAGE_SIZE = 1000;

/** Marketo's limit on the window of updates. */
const LONGEST_WINDOW_DAYS = 30;

type Call = OperationCall<'getMultipleLeads'>;

/**
 * getMultipleLeads: pages of the leads that a selector names (docs/behaviour-leads.md#getmultipleleads). Faults: 20109
 * without selector and position, 20110 for invalid parts, 20102 for an unknown key type, 20111 for an unknown list,
 * 20122 for an unreadable position; with Marketo's limits 20022 for a window of over 30 days.
 */
export const getMultipleLeads: Operation<'getMultipleLeads'> = (call, context) =>
  refusalsAreFaults(async () => {
    const { backend, settings } = context;
    const start = await startOf(call, context);
    const set = setOf(start);
    const limit = pageSize(call.params.batchSize, PAGE_SIZE);
    const { last: after, remaining: carried } = start;
    const found = await backend.pageOfLeads({
      set,
      after,
      limit,
      ...(start.offset > 0 ? { remaining: carried } : {}),
    });
    const { fields } = await backend.schema();
    const options = {
      fields: fields.Lead,
      timeZone: settings.timeZone,
      only: includedNames(call.params.includeAttributes),
    };
    return readOutcome(`${set.kind}: ${found.leads.length} found`, {
      result: {
        returnCount: found.leads.length,
        remainingCount: found.remaining,
        newStreamPosition: positionAfter(start, found),
        leadRecordList: { leadRecord: found.leads.map((lead) => leadMessage(lead, options)) },
      },
    });
  });

/** Returns the place where the page begins: that of the position, or the beginning of what the selector names. */
async function startOf(call: Call, { backend, settings, now }: OperationContext): Promise<LeadPosition> {
  const { leadSelector, lastUpdatedAt, streamPosition } = call.params;
  const { timeZone } = settings;
  const position =
    streamPosition == null || streamPosition.trim() === '' ? undefined : readLeadPosition(streamPosition);
  const named =
    leadSelector === undefined ? undefined : readLeadSelector(leadSelector, call.unreadable, timeZone);
  refuseUnreadable(call);
  if (position?.leads !== undefined) return position;
  if (named?.kind === 'list' || named?.kind === 'keys') {
    const latest = seconds(now);
    const start = position ?? { last: 0, oldest: 0, latest, offset: 0, remaining: 0 };
    return { ...start, leads: await leadsOf(named, backend) };
  }
  if (position !== undefined) return position;
  const oldest = named?.oldest ?? readSeconds('lastUpdatedAt', lastUpdatedAt, timeZone);
  if (oldest === undefined) {
    throw new SoapFault(20109, 'leadSelector is missing; expected one, lastUpdatedAt or a streamPosition');
  }
  if (settings.longRanges === 'refuse' && named?.latest !== undefined) refuseLongWindow(oldest, named.latest);
  return { last: 0, oldest, latest: named?.latest ?? seconds(now), offset: 0, remaining: 0 };
}

const seconds = (time: Date): number => Math.floor(time.getTime() / 1000);

async function leadsOf(named: NamedLeads & { kind: 'list' | 'keys' }, backend: Backend) {
  return named.kind === 'list'
    ? ({ kind: 'list', listId: await backend.staticListId(named.list) } as const)
    : ({ kind: 'keys', keys: named.keys } as const);
}

function refuseLongWindow(oldest: number, latest: number): void {
  const days = (latest - oldest) / 86_400;
  if (days <= LONGEST_WINDOW_DAYS) return;
  throw new SoapFault(
    20022,
    `oldestUpdatedAt and latestUpdatedAt are ${Math.ceil(days)} days apart; expected at most ${LONGEST_WINDOW_DAYS}`,
  );
}

/** The window has whole seconds, both inclusive. */
function setOf({ leads, oldest, latest }: LeadPosition): LeadSet {
  if (leads !== undefined) return leads;
  const time = (milliseconds: number) => utcTime(milliseconds) as UtcTime;
  return { kind: 'updated', from: time(oldest * 1000), to: time(latest * 1000 + 999) };
}

/** Returns the position behind a page; an empty text behind the last lead of keys (docs/behaviour-leads.md#positions). */
function positionAfter(start: LeadPosition, { leads, remaining }: FoundLeads): string {
  if (start.leads?.kind === 'keys' && remaining === 0) return '';
  return writeLeadPosition({
    ...start,
    last: leads.at(-1)?.lead.id ?? start.last,
    offset: start.offset + leads.length,
    remaining,
  });
}

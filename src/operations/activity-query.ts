import type { ActivityQuery } from '../backend.ts';
import type { Received } from '../contract/messages.ts';
import { readActivityFilter, type SentFilters } from '../rules/activities/activity-filter.ts';
import { readOffset, readWindow } from '../rules/activities/activity-position.ts';
import type { MObjectSettings } from '../rules/settings.ts';
import type { OperationCall } from './operation.ts';
import { pageSize } from './page-size.ts';

/** The parameters that getLeadActivity and getLeadChanges share. */
interface SentQuery extends SentFilters {
  readonly startPosition?: Received<'StreamPosition'> | null;
  readonly batchSize?: number | null;
}

/**
 * Reads the query of a call, but for its leads and order (docs/behaviour-leads.md#7-activities). `most`: activities of a
 * page. Throws fault 20110 for a bad time, 20122 for a bad offset, and a `CodedRefusal` as `readActivityFilter`.
 */
export function readActivityQuery(
  {
    params,
    unreadable,
  }: { readonly params: SentQuery } & Pick<OperationCall<'getLeadActivity'>, 'unreadable'>,
  { timeZone }: Pick<MObjectSettings, 'timeZone'>,
  most: number,
): Omit<ActivityQuery, 'leads' | 'descending'> {
  const { startPosition: position, batchSize } = params;
  const types = readActivityFilter(params, unreadable);
  return {
    ...readOffset(position?.offset),
    window: readWindow(position ?? {}, timeZone),
    ...(types === undefined ? {} : { types }),
    limit: pageSize(batchSize, most),
  };
}

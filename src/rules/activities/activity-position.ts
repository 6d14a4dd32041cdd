import { SoapFault } from '../../contract/faults.ts';
import type { Message, Received } from '../../contract/messages.ts';
import { quote } from '../refusal.ts';
import { type UtcTime, utcTime } from '../utc-time.ts';
import { readDatetime } from '../values.ts';

/** Activities from and to these times, both inclusive and in whole seconds. Undefined: no bound. */
export interface TimeWindow {
  readonly from?: UtcTime;
  readonly to?: UtcTime;
}

/** Where a page begins: behind the activity `after`, or behind the first `skip` ones. */
export interface ActivityStart {
  readonly after?: number;
  readonly skip: number;
}

type Position = Received<'StreamPosition'>;

const AFTER = /^ID:(\d{1,15})$/i;
const SKIP = /^\d{1,9}$/;

/** Reads the offset of a position (docs/behaviour-leads.md#positions-of-activities). Throws fault 20122. */
export function readOffset(sent: string | null | undefined): ActivityStart {
  const text = sent?.trim() ?? '';
  const after = Number(AFTER.exec(text)?.[1] ?? 0);
  if (after > 0) return { after, skip: 0 };
  if (text === '' || AFTER.test(text)) return { skip: 0 };
  if (SKIP.test(text)) return { skip: Number(text) };
  throw new SoapFault(
    20122,
    `startPosition.offset is ${quote(text)}; expected that of a newStartPosition, such as ID:5, or a number of activities to skip`,
  );
}

/** Reads the times of a position. Throws fault 20110 for an invalid one. `timeZone`: of times without an offset. */
export function readWindow(
  { oldestCreatedAt, activityCreatedAt, latestCreatedAt }: Position,
  timeZone: string,
): TimeWindow {
  const within = (element: string) => `startPosition.${element}`;
  return narrowest(
    windowOf(
      [within('oldestCreatedAt'), oldestCreatedAt],
      [within('latestCreatedAt'), latestCreatedAt],
      timeZone,
    ),
    windowOf([within('activityCreatedAt'), activityCreatedAt], undefined, timeZone),
  );
}

type SentTime = readonly [element: string, text: string | null | undefined];

/** Reads the ends of a window in whole seconds. Throws fault 20110 for an invalid time. */
export function windowOf(
  oldest: SentTime | undefined,
  latest: SentTime | undefined,
  timeZone: string,
): TimeWindow {
  const from = readSecond(oldest, timeZone);
  const to = readSecond(latest, timeZone);
  return {
    ...(from === undefined ? {} : { from: `${from}.000Z` }),
    ...(to === undefined ? {} : { to: `${to}.999Z` }),
  };
}

/** Returns a time up to its second; undefined if none was sent. */
function readSecond([element, sent]: SentTime | readonly [] = [], timeZone: string): string | undefined {
  if (sent == null || sent.trim() === '') return undefined;
  const read = readDatetime(sent.trim(), timeZone);
  if ('problem' in read) throw new SoapFault(20110, `${element}: ${quote(sent)}; ${read.problem}`);
  return String(read.value).slice(0, 19);
}

/** Returns the window between two seconds since 1970, both inclusive. */
export function windowOfSeconds(oldest: number, latest: number | undefined): TimeWindow {
  const from = utcTime(oldest * 1000);
  const to = latest === undefined ? undefined : utcTime(latest * 1000 + 999);
  return { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
}

/** Returns the times that are in both windows. */
export function narrowest(one: TimeWindow, other: TimeWindow): TimeWindow {
  const from = [one.from, other.from]
    .filter((time) => time !== undefined)
    .sort()
    .at(-1);
  const to = [one.to, other.to].filter((time) => time !== undefined).sort()[0];
  return { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
}

/**
 * Returns the position behind a page. `last`: the id of its last activity; undefined: it has none. Times are those
 * sent; `latest`: what stands for an empty latestCreatedAt.
 */
export function nextPosition(
  sent: Position | null | undefined,
  last: number | undefined,
  latest: string | null,
): Message<'StreamPosition'> {
  const offset = sent?.offset?.trim() ?? '';
  return {
    latestCreatedAt: sent?.latestCreatedAt ?? latest,
    oldestCreatedAt: sent?.oldestCreatedAt ?? null,
    activityCreatedAt: sent?.activityCreatedAt ?? null,
    offset: last === undefined ? (offset === '' ? '0' : offset) : `ID:${last}`,
  };
}

import { type ActivityType, enumerations } from '../../contract/enumerations.ts';
import type { Received, UnreadableParts } from '../../contract/messages.ts';
import { CodedRefusal, quote } from '../refusal.ts';
import { madeTypes, type NamedType, typeNamed, typeShownAs } from './activity-types.ts';

/** The filters of a call, as decoded. */
export interface SentFilters {
  readonly activityFilter?: Received<'ActivityTypeFilter'> | null;
  readonly activityNameFilter?: Received<'ArrayOfString'> | null;
}

/**
 * Returns the types that the filters leave, of those that this server makes; undefined: all
 * (docs/behaviour-leads.md#filters). Throws a `CodedRefusal`: 20107 for an unknown type, 20110 for both lists at once.
 */
export function readActivityFilter(
  { activityFilter, activityNameFilter }: SentFilters,
  unreadable: UnreadableParts,
): readonly ActivityType[] | undefined {
  const included = typesIn('includeTypes', activityFilter?.includeTypes, unreadable);
  const excluded = typesIn('excludeTypes', activityFilter?.excludeTypes, unreadable);
  if (included.size > 0 && excluded.size > 0) {
    throw new CodedRefusal(20110, 'activityFilter has includeTypes and excludeTypes; expected one of them');
  }
  const names = (activityNameFilter?.stringItem ?? []).filter((name) => name.trim() !== '');
  const named = new Set(names.map(typeShownAs));
  const left = madeTypes.filter(
    (type) =>
      (included.size === 0 || included.has(type)) &&
      !excluded.has(type) &&
      (names.length === 0 || named.has(type)),
  );
  return left.length === madeTypes.length ? undefined : left;
}

function typesIn(
  element: string,
  list: Received<'ArrayOfActivityType'> | undefined,
  unreadable: UnreadableParts,
): ReadonlySet<NamedType> {
  if (list === undefined) return new Set();
  // The schema has the enumeration's spelling alone; what else was sent may be a name as answers show it.
  const others = unreadable.get(list)?.filter((note) => note.element === 'activityType') ?? [];
  const types = others.map(({ value }) => {
    const type = typeNamed(value);
    if (type === undefined) throw unknownType(element, value);
    return type;
  });
  return new Set([...list.activityType, ...types]);
}

const unknownType = (element: string, sent: string): CodedRefusal =>
  new CodedRefusal(
    20107,
    `activityFilter.${element}: ${quote(sent)} is no type of activities; expected one of ${enumerations.ActivityType.join(', ')}`,
  );

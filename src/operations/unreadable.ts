import { SoapFault } from '../contract/faults.ts';
import type { UnreadableParts } from '../contract/messages.ts';
import { describeUnreadable, firstUnreadable } from '../rules/unreadable.ts';

/** Throws fault 20110 if any part of the message could not be read. */
export function refuseUnreadable({
  params,
  unreadable,
}: {
  params: object;
  unreadable: UnreadableParts;
}): void {
  const first = firstUnreadable(params, unreadable);
  if (first !== undefined) throw new SoapFault(20110, describeUnreadable(first));
}

/** Throws fault 20110 if a parameter itself could not be read; those of rows are their own affair. */
export function refuseOwnUnreadable({
  params,
  unreadable,
}: {
  params: object;
  unreadable: UnreadableParts;
}): void {
  const own = unreadable.get(params)?.[0];
  if (own !== undefined) throw new SoapFault(20110, describeUnreadable(own));
}

/** Throws fault 20110 if a list contains only unknown elements: reporting success would lose data. */
export function refuseLostLists(unreadable: UnreadableParts): void {
  for (const notes of unreadable.values()) {
    const lost = notes.find(({ isList }) => isList);
    if (lost !== undefined) throw new SoapFault(20110, describeUnreadable(lost));
  }
}

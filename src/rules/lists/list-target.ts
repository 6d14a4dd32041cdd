import type { Draft } from '../draft.ts';
import type { Wanted } from '../facts.ts';
import { lookup } from '../lookups.ts';
import { assetName, newName } from './asset-name.ts';
import { type FoundList, unknownList } from './static-list.ts';

/** A list that is created if no earlier call has created it meanwhile (`--schema open`). */
export interface NewList {
  readonly id: undefined;
  readonly name: string;
  readonly programId: number | null;
  readonly assetName: string;
}

/** The list that a call works on. */
export type ListTarget = FoundList | NewList;

/** Returns a list to be created. Throws fault 20110 if the name is too long. */
export function newList(sent: string, program?: { readonly id: number; readonly name: string }): NewList {
  const name = newName('The name of the list', sent);
  return {
    id: undefined,
    name,
    programId: program?.id ?? null,
    assetName: assetName(name, program?.name),
  };
}

/** Returns what a call must load to work on the list. */
export const listWanted = (target: ListTarget): Pick<Wanted, 'ids' | 'lookups' | 'newIds' | 'writes'> =>
  target.id === undefined
    ? {
        ids: {},
        lookups: [{ ...lookup('StaticList', 'name', target.name), all: true }],
        newIds: { StaticList: 1 },
        writes: ['StaticList'],
      }
    : { ids: { StaticList: [target.id] }, newIds: {} };

/** Returns the list, created if need be. Throws fault 20111 if it is gone. */
export function listOf(target: ListTarget, draft: Draft): FoundList {
  if (target.id !== undefined) {
    if (draft.record('StaticList', target.id) === undefined) throw unknownList({ name: target.assetName });
    return target;
  }
  const { name, programId } = target;
  const made = draft
    .all(lookup('StaticList', 'name', name))
    .find((id) => draft.record('StaticList', id)?.programId === programId);
  if (made !== undefined) return { id: made, assetName: target.assetName };
  const id = draft.takeId('StaticList');
  draft.put('StaticList', { id, name, programId });
  return { id, assetName: target.assetName };
}

import type { Message } from '../contract/messages.ts';
import { foldName } from '../rules/schema.ts';
import { type Operation, readOutcome } from './operation.ts';
import { refuseUnreadable } from './unreadable.ts';

/**
 * getTags: lists tag types with their values in definition order, without the channel; with a tagList, only the types
 * and values that it names (docs/behaviour.md#gettags).
 */
export const getTags: Operation<'getTags'> = async (call, { backend }) => {
  refuseUnreadable(call);
  const { params } = call;
  const { tags } = await backend.schema();
  const wanted = params.tagList && Map.groupBy(params.tagList.tag, ({ type }) => foldName(type ?? ''));
  const tag: Message<'Tag'>[] = [];
  for (const [type, values] of tags) {
    const filters = wanted?.get(foldName(type));
    if (wanted !== undefined && filters === undefined) continue;
    const names = new Set(filters?.flatMap((filter) => (filter.values?.stringItem ?? []).map(foldName)));
    const isWhole = filters?.some((filter) => (filter.values?.stringItem.length ?? 0) === 0) ?? true;
    const stringItem = values.filter((value) => isWhole || names.has(foldName(value)));
    tag.push({ type, values: { stringItem } });
  }
  return readOutcome(`${tag.length} tag types`, { result: { tagList: { tag } } });
};

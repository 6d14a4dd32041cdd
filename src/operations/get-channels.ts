import type { Message } from '../contract/messages.ts';
import { type ChannelStatus, compareNames, foldName } from '../rules/schema.ts';
import { type Operation, readOutcome } from './operation.ts';
import { refuseUnreadable } from './unreadable.ts';

/**
 * getChannels: lists channels and their statuses alphabetically; with a tag, only the channels among its values
 * (docs/behaviour.md#getchannels).
 */
export const getChannels: Operation<'getChannels'> = async (call, { backend }) => {
  refuseUnreadable(call);
  const { params } = call;
  const { channels } = await backend.schema();
  const named = new Set(params.tag?.values?.stringItem.map(foldName));
  const names = [...channels.keys()]
    .filter((channel) => named.size === 0 || named.has(foldName(channel)))
    .sort(compareNames);
  const tagStatus = names.map((tagValue): Message<'TagStatus'> => {
    const statuses = [...(channels.get(tagValue) ?? [])].sort((a, b) => compareNames(a.status, b.status));
    return { tagValue, statusList: { progressionStatusItem: statuses.map(describeStatus) } };
  });
  return readOutcome(`${tagStatus.length} channels`, { result: { tags: { tagStatus } } });
};

/**
 * Returns the attributes in order: Status, Step, those of the channel kind, Success (docs/behaviour.md#getchannels).
 */
function describeStatus({ status, step, success, attributes }: ChannelStatus): Message<'ProgressionStatus'> {
  const attrib = [
    { name: 'Status', value: status },
    { name: 'Step', value: String(step) },
    ...Array.from(attributes, ([name, value]) => ({ name, value })),
    { name: 'Success', value: String(success) },
  ];
  return { progressionStatus: { attrib } };
}

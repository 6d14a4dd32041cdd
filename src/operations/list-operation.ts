import { enumerations } from '../contract/enumerations.ts';
import { SoapFault } from '../contract/faults.ts';
import { readLeadKey } from '../rules/leads/lead-key.ts';
import { unknownList } from '../rules/lists/static-list.ts';
import { refusalsAreFaults } from './coded-faults.ts';
import { enumerationFault, unknownValue } from './enumeration-parameter.ts';
import type { Operation, OperationCall } from './operation.ts';
import { refuseLostLists, refuseUnreadable } from './unreadable.ts';

/** The most lead keys of a call (docs/behaviour-leads.md#8-listoperation). */
const MAX_KEYS_PER_CALL = 1000;

/**
 * listOperation: adds up to 1,000 leads to a static list, removes them, or asks whether they are members
 * (docs/behaviour-leads.md#8-listoperation). Faults: 20109 for a missing operation, list or list of keys, 20110 for an
 * unknown operation or over 1,000 keys, 20111 for an unknown list, 20101 and 20102 for a key without a known type; if
 * strict, 20103, 20108 and 20110 for a lead that the call cannot be carried out for.
 */
export const listOperation: Operation<'listOperation'> = (call, { backend, settings, now }) =>
  refusalsAreFaults(async () => {
    const { params, unreadable } = call;
    refuseLostLists(unreadable);
    const { operation, listName } = readListAndOperation(call);
    const sent = params.listMemberList?.leadKey;
    if (sent === undefined) throw new SoapFault(20109, 'listMemberList is missing; an empty one is accepted');
    if (sent.length > MAX_KEYS_PER_CALL) {
      throw new SoapFault(
        20110,
        `listMemberList has ${sent.length} lead keys; at most ${MAX_KEYS_PER_CALL} are accepted in a call`,
      );
    }
    const keys = sent.map((key) => readLeadKey(key, unreadable));
    refuseUnreadable(call);
    const strict = params.strict ?? false;
    const rows = await backend.listOperation({
      operation,
      listName,
      keys,
      strict,
      settings,
      now: now.toISOString(),
    });
    const success = rows.every(({ status }) => status);
    const isAsked = operation === 'ISMEMBEROFLIST';
    const leadStatus = rows.map(({ status }, index) => {
      const { keyType, keyValue } = keys[index] as (typeof keys)[number];
      return { leadKey: { keyType, keyValue }, status };
    });
    return {
      answer: { result: { success, statusList: isAsked || !success ? { leadStatus } : null } },
      mode: operation,
      rows: isAsked ? [] : rows.map(({ outcome }) => outcome),
      isJournaled: !isAsked,
    };
  });

function readListAndOperation(call: OperationCall<'listOperation'>) {
  const { listOperation: operation, listKey } = call.params;
  if (operation === undefined) {
    throw enumerationFault(call, 'listOperation', enumerations.ListOperationType);
  }
  if (listKey === undefined)
    throw new SoapFault(20109, 'listKey is missing; expected MKTOLISTNAME and a name');
  const listName = listKey.keyValue?.trim() ?? '';
  if (listName === '')
    throw new SoapFault(20109, 'listKey: keyValue is missing; expected the name of a list');
  if (listKey.keyType !== 'MKTOLISTNAME') {
    const { unreadable } = call;
    const type = listKey.keyType ?? unknownValue({ params: listKey, unreadable }, 'keyType');
    throw type === undefined
      ? new SoapFault(20109, 'listKey: keyType is missing; expected MKTOLISTNAME')
      : new SoapFault(
          20111,
          `${unknownList({ name: listName }).message} (keyType ${type}; expected MKTOLISTNAME)`,
        );
  }
  return { operation, listName };
}

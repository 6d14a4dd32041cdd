import { enumerations } from '../contract/enumerations.ts';
import { SoapFault } from '../contract/faults.ts';
import { enumerationFault } from './enumeration-parameter.ts';
import type { Operation, OperationCall } from './operation.ts';
import { requiredText } from './required-text.ts';
import { refuseLostLists, refuseUnreadable } from './unreadable.ts';

type Call = OperationCall<'importToList'>;

/**
 * importToList: writes rows of CSV as leads of a static list (docs/behaviour-leads.md#9-importtolist). Answers
 * PROCESSING when all is done, as clients expect. Faults: 20109 for a missing parameter, 20110 for an unknown program or
 * mode and for a header that cannot be used, 20111 for an unknown list, 20113 for an unknown campaign.
 */
export const importToList: Operation<'importToList'> = async (call, { backend, settings, now }) => {
  const { params, unreadable } = call;
  refuseLostLists(unreadable);
  const programName = requiredText('programName', params.programName);
  const header = requiredText('importFileHeader', params.importFileHeader);
  const items = params.importFileRows?.stringItem;
  if (items === undefined) throw new SoapFault(20109, 'importFileRows is missing; an empty one is accepted');
  const mode = requiredMode(call);
  const listName = requiredText('listName', params.listName);
  refuseUnreadable(call);
  const campaignName = params.campaignName?.trim() || undefined;
  const { imported, failed, ignored } = await backend.importToList({
    programName,
    header,
    items,
    mode,
    listName,
    clears: params.clearList ?? false,
    campaignName,
    settings,
    now: now.toISOString(),
  });
  const counted = [
    { status: 'UPDATED', count: imported },
    { status: 'FAILED', count: failed },
    { status: 'SKIPPED', count: ignored },
  ] as const;
  const rows = counted.filter(({ count }) => count > 0);
  return { answer: { result: { importStatus: 'PROCESSING' } }, mode, rows, isJournaled: true };
};

function requiredMode(call: Call) {
  const { importListMode: mode } = call.params;
  if (mode !== undefined) return mode;
  throw enumerationFault(call, 'importListMode', enumerations.ImportToListModeEnum);
}

import { type Operation, readOutcome } from './operation.ts';
import { requiredText } from './required-text.ts';
import { refuseUnreadable } from './unreadable.ts';

/**
 * getImportToListStatus: what the last import of a list did (docs/behaviour-leads.md#getimporttoliststatus). Faults:
 * 20109 for a missing list, 20110 for an unknown program or a list without imports, 20111 for an unknown list.
 */
export const getImportToListStatus: Operation<'getImportToListStatus'> = async (call, { backend }) => {
  refuseUnreadable(call);
  const listName = requiredText('listName', call.params.listName);
  const programName = call.params.programName?.trim() || undefined;
  const last = await backend.lastImport({ programName, listName });
  return readOutcome(null, {
    result: {
      status: 'COMPLETE',
      startedTime: null,
      endedTime: null,
      estimatedTime: null,
      estimatedRows: last.rows,
      rowsImported: last.imported,
      rowsFailed: last.failed,
      rowsIgnored: last.ignored,
      importSummary: last.summary,
    },
  });
};

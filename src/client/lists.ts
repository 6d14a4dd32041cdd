import type { EnumerationValue } from '../contract/enumerations.ts';
import type { Received } from '../contract/messages.ts';
import type { Call, CallOptions } from './call.ts';
import { inParts, understood } from './in-parts.ts';
import type { LeadKey, ListResult } from './lead-objects.ts';
import type { FieldValue } from './objects.ts';
import { rowsFor } from './pages.ts';
import { writeLeadKeys } from './write-leads.ts';
import { writeValue } from './write-objects.ts';

export interface ListOptions extends CallOptions {
  /** If true, a lead that is not there is a fault, and nothing of the call is applied. Default: false. */
  readonly strict?: boolean | undefined;
}

/** A value of a cell. `null` and undefined are none. */
export type ImportValue = FieldValue | undefined;

/** Rows for a list of a program. */
export interface ListImport {
  readonly programName: string;
  readonly listName: string;
  /** Names or display names of fields; `Email Address` must be one. With `campaignName` also tokens: `{{my.token}}`. */
  readonly columns: readonly string[];
  /** Values in the order of the columns. */
  readonly rows: readonly (readonly ImportValue[])[];
  /** `UPSERTLEADS` (default) writes the leads; `LISTONLY` only puts leads on the list that are there. */
  readonly importListMode?: EnumerationValue<'ImportToListModeEnum'> | undefined;
  /** If true, all members are removed from the list first. Default: false. */
  readonly clearList?: boolean | undefined;
  /** A batch campaign of the program, for the tokens. */
  readonly campaignName?: string | undefined;
}

/** `'PROCESSING'`, `'COMPLETE'`, `'FAILED'` or `'CANCELED'`. */
export type ImportState = EnumerationValue<'ImportToListStatusEnum'>;

/** The state of the last import of a list. Numbers are null where the server names none. */
export interface ImportStatus {
  readonly status: ImportState;
  readonly estimatedRows: number | null;
  readonly rowsImported: number | null;
  readonly rowsFailed: number | null;
  readonly rowsIgnored: number | null;
  readonly summary: string | null;
}

/** The methods for static lists. A list is named `List` or `Program.List`. */
export interface ListMethods {
  /** Adds leads to a list. Returns a result for each, in the same order. */
  addToList(listName: string, leads: readonly LeadKey[], options?: ListOptions): Promise<ListResult[]>;

  /** Removes leads from a list. Returns a result for each, in the same order. */
  removeFromList(listName: string, leads: readonly LeadKey[], options?: ListOptions): Promise<ListResult[]>;

  /** Asks which leads are on a list. Returns a result for each, in the same order. */
  isMemberOfList(listName: string, leads: readonly LeadKey[], options?: CallOptions): Promise<ListResult[]>;

  /** Imports rows into a list. Returns the state of the import; ask for the rest with `getImportToListStatus`. */
  importToList(rows: ListImport, options?: CallOptions): Promise<ImportState>;

  /** Asks how the last import of a list is doing. */
  getImportToListStatus(
    list: { readonly programName?: string | undefined; readonly listName: string },
    options?: CallOptions,
  ): Promise<ImportStatus>;
}

/** Maximum number of leads in a call of listOperation. */
const LEADS_PER_CALL = 1000;

/** Creates the methods for static lists. */
export function listMethods(call: Call): ListMethods {
  async function listOperation(
    operation: EnumerationValue<'ListOperationType'>,
    listName: string,
    leads: readonly LeadKey[],
    { strict, ...options }: ListOptions = {},
  ): Promise<ListResult[]> {
    // A strict call is applied as a whole or not at all, so it is not split.
    const size = strict ? Math.max(leads.length, 1) : LEADS_PER_CALL;
    return inParts(
      'listOperation',
      leads,
      async (part) => {
        const params = {
          listOperation: operation,
          listKey: { keyType: 'MKTOLISTNAME' as const, keyValue: listName },
          listMemberList: writeLeadKeys(part),
          ...(strict === undefined ? {} : { strict }),
        };
        const { result } = await call('listOperation', params, options);
        return result;
      },
      listResults,
      size,
    );
  }

  return {
    addToList: (listName, leads, options) => listOperation('ADDTOLIST', listName, leads, options),
    removeFromList: (listName, leads, options) => listOperation('REMOVEFROMLIST', listName, leads, options),
    isMemberOfList: (listName, leads, options) => listOperation('ISMEMBEROFLIST', listName, leads, options),

    async importToList(rows, options) {
      const { programName, listName, columns, importListMode = 'UPSERTLEADS', clearList = false } = rows;
      const params = {
        programName,
        importFileHeader: writeCsv(columns, columns),
        importFileRows: { stringItem: rows.rows.map((row) => writeCsv(row, columns)) },
        importListMode,
        listName,
        clearList,
        campaignName: rows.campaignName ?? null,
      };
      const { result } = await call('importToList', params, options);
      return understood('importToList', () => stateOf(result?.importStatus));
    },

    async getImportToListStatus({ programName, listName }, options) {
      const program = programName === undefined ? {} : { programName };
      const { result = {} } = await call('getImportToListStatus', { ...program, listName }, options);
      return understood('getImportToListStatus', () => ({
        status: stateOf(result.status),
        estimatedRows: result.estimatedRows ?? null,
        rowsImported: result.rowsImported ?? null,
        rowsFailed: result.rowsFailed ?? null,
        rowsIgnored: result.rowsIgnored ?? null,
        summary: result.importSummary ?? null,
      }));
    },
  };
}

/** Pairs the leads with their results. Where all of them have success, the answer leaves out the list. */
function listResults(
  leads: readonly LeadKey[],
  { success = false, statusList }: Received<'ResultListOperation'> = {},
): ListResult[] {
  if (success && statusList == null) return leads.map((request) => ({ success, request }));
  const rows = rowsFor(leads, statusList?.leadStatus);
  return leads.map((request, index) => ({ success: rows[index]?.status ?? false, request }));
}

function stateOf(state: ImportState | undefined): ImportState {
  if (state === undefined) throw new Error('it has no status');
  return state;
}

/** Writes a line of CSV (RFC 4180). Throws `TypeError` for a value that the API cannot take. */
function writeCsv(values: readonly ImportValue[], columns: readonly string[]): string {
  return values
    .map((value, index) => {
      const text = value == null ? '' : writeValue(value, columns[index] ?? `column ${index + 1}`);
      return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
    })
    .join(',');
}

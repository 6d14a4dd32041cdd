import type { ImportedList } from '../backend.ts';
import { SoapFault } from '../contract/faults.ts';
import type { Records } from '../records/all.ts';
import { assetName } from '../rules/lists/asset-name.ts';
import { unknownList } from '../rules/lists/static-list.ts';
import type { Objects } from '../store/store.ts';
import { findList, findProgram, listOfProgram } from './find-list.ts';

/**
 * Returns the last import of a list. Throws fault 20110 for an unknown program and a list without imports, 20111 for an
 * unknown list.
 */
export async function lastImport(
  store: Pick<Objects, 'list'>,
  { programName, listName }: ImportedList,
): Promise<Records['ListImport']> {
  const program = programName === undefined ? undefined : await findProgram(store, programName);
  const name = assetName(listName, program?.name);
  const list = await (program === undefined
    ? findList(store, { name })
    : listOfProgram(store, listName, program));
  if (list === undefined) throw unknownList({ name });
  const where = [{ property: 'listId', equals: list.id }];
  const [last] = (await store.list({ type: 'ListImport', where, descending: true, limit: 1 })).records;
  if (last === undefined) throw new SoapFault(20110, `Nothing has been imported into the list ${name}`);
  return last;
}

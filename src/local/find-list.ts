import { SoapFault } from '../contract/faults.ts';
import type { Records } from '../records/all.ts';
import { assetName, qualifiedNames } from '../rules/lists/asset-name.ts';
import { type ListTarget, newList } from '../rules/lists/list-target.ts';
import {
  chooseList,
  type FoundList,
  type NamedList,
  namesOfList,
  unknownList,
} from '../rules/lists/static-list.ts';
import { quote } from '../rules/refusal.ts';
import { foldName } from '../rules/schema.ts';
import type { Objects } from '../store/store.ts';

type Lists = Pick<Objects, 'list'>;

/** The most lists or programs of one name; each program can have a list of the same name. */
const MATCHES_AT_MOST = 1000;

/** Returns the static list that a name or id means; undefined: none. Throws fault 20111 if it could be several. */
export async function findList(store: Lists, named: NamedList): Promise<FoundList | undefined> {
  const isId = 'id' in named;
  const where = isId
    ? [{ property: 'id', equals: named.id }]
    : [{ property: 'nameKey', in: namesOfList(named.name) }];
  const { records: lists } = await store.list({ type: 'StaticList', where, limit: MATCHES_AT_MOST });
  const programs = await programsOf(store, lists);
  if (!isId) return chooseList(named.name, { lists, programs });
  const [list] = lists;
  return list && chooseList(list.name, { lists, programs });
}

/** Returns the list that a call works on; an unknown one is created if `creates`, else fault 20111. */
export async function findTarget(store: Lists, name: string, creates: boolean): Promise<ListTarget> {
  const found = await findList(store, { name });
  if (found !== undefined) return found;
  if (!creates) throw unknownList({ name });
  const ways = qualifiedNames(name);
  const where = [{ property: 'nameKey', in: ways.map(({ program }) => program) }];
  const programs =
    ways.length === 0 ? [] : (await store.list({ type: 'Program', where, limit: MATCHES_AT_MOST })).records;
  for (const way of ways) {
    const program = programs.find((each) => foldName(each.name) === foldName(way.program));
    if (program !== undefined) return newList(way.name, program);
  }
  return newList(name);
}

/** Returns the programs that lists or campaigns belong to, by id. */
export async function programsOf(
  store: Lists,
  assets: readonly { readonly programId: number | null }[],
): Promise<ReadonlyMap<number, Records['Program']>> {
  const ids = [...new Set(assets.flatMap(({ programId }) => programId ?? []))];
  if (ids.length === 0) return new Map();
  const where = [{ property: 'id', in: ids }];
  const { records } = await store.list({ type: 'Program', where, limit: ids.length });
  return new Map(records.map((program) => [program.id, program]));
}

/** Returns the program of this name, without regard to case. */
export async function programNamed(store: Lists, name: string): Promise<Records['Program'] | undefined> {
  const where = [{ property: 'nameKey', equals: name }];
  return (await store.list({ type: 'Program', where, limit: 1 })).records[0];
}

/** As `programNamed`; throws fault 20110 if there is none. */
export async function findProgram(store: Lists, name: string): Promise<Records['Program']> {
  const program = await programNamed(store, name);
  if (program === undefined) throw new SoapFault(20110, `programName: there is no program ${quote(name)}`);
  return program;
}

/** Returns the list of this name in a program, without regard to case. */
export async function listOfProgram(
  store: Lists,
  name: string,
  program: { readonly id: number; readonly name: string },
): Promise<FoundList | undefined> {
  const where = [
    { property: 'nameKey', equals: name },
    { property: 'programId', equals: program.id },
  ];
  const [list] = (await store.list({ type: 'StaticList', where, limit: 1 })).records;
  return list && { id: list.id, assetName: assetName(list.name, program.name) };
}

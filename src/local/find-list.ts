import { SoapFault } from '../contract/faults.ts';
import type { Records } from '../records/all.ts';
import type { ListCondition } from '../rules/list-query.ts';
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

/** The most lists of one name that are read where no program is named: two are ambiguous, and the fault names them. */
const SOME = 10;

/** Returns the static list that a name or id means; undefined: none. Throws fault 20111 if it could be several. */
export async function findList(store: Lists, named: NamedList): Promise<FoundList | undefined> {
  if ('id' in named) {
    const where = [{ property: 'id', equals: named.id }];
    const { records: lists } = await store.list({ type: 'StaticList', where, limit: 1 });
    const [list] = lists;
    return list && chooseList(list.name, { lists, programs: await programsOf(store, lists) });
  }
  const lists = await listsNamed(store, named.name);
  return chooseList(named.name, { lists, programs: await programsOf(store, lists) });
}

/** Returns the lists that a name can mean. Each of very many programs can have a list of it: only some are read. */
async function listsNamed(store: Lists, name: string): Promise<readonly Records['StaticList'][]> {
  const read = async (where: ListCondition[], limit: number) =>
    (await store.list({ type: 'StaticList', where, limit })).records;
  const nameKey = { property: 'nameKey', equals: name };
  const free = await read([nameKey, { property: 'programId', equals: null }], SOME);
  const programs = await programsNamed(store, qualifiedNames(name));
  const inside = { property: 'programId', in: programs.map(({ id }) => id) };
  const names = { property: 'nameKey', in: namesOfList(name) };
  const qualified = programs.length === 0 ? [] : await read([names, inside], MATCHES_AT_MOST);
  const others = free.length + qualified.length === 0 ? await read([nameKey], SOME) : [];
  return [...free, ...qualified, ...others];
}

/** The most lists or programs that a name can mean: it has at most as many ways to be read as `qualifiedNames` returns. */
const MATCHES_AT_MOST = 1000;

async function programsNamed(
  store: Lists,
  ways: ReturnType<typeof qualifiedNames>,
): Promise<readonly Records['Program'][]> {
  if (ways.length === 0) return [];
  const where = [{ property: 'nameKey', in: ways.map(({ program }) => program) }];
  return (await store.list({ type: 'Program', where, limit: MATCHES_AT_MOST })).records;
}

/** Returns the list that a call works on; an unknown one is created if `creates`, else fault 20111. */
export async function findTarget(store: Lists, name: string, creates: boolean): Promise<ListTarget> {
  const found = await findList(store, { name });
  if (found !== undefined) return found;
  if (!creates) throw unknownList({ name });
  const ways = qualifiedNames(name);
  const programs = await programsNamed(store, ways);
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

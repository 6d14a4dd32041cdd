import { SoapFault } from '../../contract/faults.ts';
import type { Records } from '../../records/all.ts';
import { quote } from '../refusal.ts';
import { foldName } from '../schema.ts';
import { assetName, qualifiedNames } from './asset-name.ts';

/** A static list as a call names it. */
export type NamedList = { readonly id: number } | { readonly name: string };

/** A static list, and the name under which answers and activities show it. */
export interface FoundList {
  readonly id: number;
  readonly assetName: string;
}

/** The lists that a name may mean, loaded by `namesOfList`. */
export interface ListCandidates {
  /** The lists that have one of these names, of any program. */
  readonly lists: readonly Pick<Records['StaticList'], 'id' | 'name' | 'programId'>[];
  /** The programs of these lists. */
  readonly programs: ReadonlyMap<number, { readonly name: string }>;
}

/** Returns the names that a list can have if a call names it so: the whole text, or its part behind a program's name. */
export const namesOfList = (sent: string): readonly string[] => [
  sent,
  ...qualifiedNames(sent).map(({ name }) => name),
];

/**
 * Chooses the list that a name means: one of no program, else `Program.List`, else the one list of that name in any
 * program. Names are compared without case. Returns undefined if there is none; throws fault 20111 if there are several
 * (docs/behaviour-leads.md#names-of-lists-and-campaigns).
 */
export function chooseList(sent: string, { lists, programs }: ListCandidates): FoundList | undefined {
  const programOf = ({ programId }: ListCandidates['lists'][number]) =>
    programId === null ? undefined : programs.get(programId)?.name;
  const isNamed = (name: string, other: string) => foldName(name) === foldName(other);
  const named = lists.filter(({ name }) => isNamed(name, sent));
  const ways = qualifiedNames(sent);
  const qualified = lists.filter((list) => {
    const program = programOf(list);
    return (
      program !== undefined &&
      ways.some((way) => isNamed(way.name, list.name) && isNamed(way.program, program))
    );
  });
  const free = named.filter(({ programId }) => programId === null);
  const found = [free, qualified, named].find(({ length }) => length > 0) ?? [];
  const [list] = found;
  if (list === undefined) return undefined;
  if (found.length > 1) {
    const full = found.map((each) => `${quote(assetName(each.name, programOf(each)))} (id ${each.id})`);
    throw new SoapFault(
      20111,
      `The list ${quote(sent)} could be any of ${full.join(', ')}; name its program too`,
    );
  }
  return { id: list.id, assetName: assetName(list.name, programOf(list)) };
}

/** Returns the fault of a list that does not exist. */
export const unknownList = (named: NamedList): SoapFault =>
  new SoapFault(
    20111,
    `There is no static list ${'id' in named ? `with id ${named.id}` : quote(named.name)}; ` +
      'define it in the instance file, or serve with --schema open',
  );

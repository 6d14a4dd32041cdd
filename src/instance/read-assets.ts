import { nameProblem } from '../contract/names.ts';
import type { Records } from '../records/all.ts';
import { quote } from '../rules/refusal.ts';
import { foldName } from '../rules/schema.ts';
import { inside } from './mistakes.ts';
import { isDefaultWorkspace } from './read-lead-parts.ts';
import { checkKnown, checkReference, type Reading } from './reading.ts';
import type { Instance, InstanceCampaign, InstanceList } from './shape.ts';

/** A list or campaign of the file. `id` undefined: the one of its name, or a new one. */
export interface ReadAsset<Type extends 'StaticList' | 'Campaign'> {
  readonly path: string;
  readonly id: number | undefined;
  readonly content: Omit<Records[Type], 'id'>;
}

export interface ReadList extends ReadAsset<'StaticList'> {
  /** Ids of leads; undefined where the file does not say. */
  readonly members: readonly number[] | undefined;
}

/** The workspaces, lists and campaigns of a file. */
export interface ReadAssets {
  readonly workspaces: readonly string[];
  readonly lists: readonly ReadList[];
  readonly campaigns: readonly ReadAsset<'Campaign'>[];
}

/** Reads workspaces, lists and campaigns. */
export function readAssets(instance: Instance, reading: Reading): ReadAssets {
  return {
    workspaces: readWorkspaces(instance, reading),
    lists: readNamed(instance, 'lists', reading, (item: InstanceList, path) => ({
      members: readMembers(item, path, reading),
      more: {},
    })),
    campaigns: readNamed(instance, 'campaigns', reading, (item: InstanceCampaign) => ({
      more: {
        kind: item.kind,
        sources: [...new Set((item.sources ?? []).filter((source) => source !== undefined))],
        description: item.description || null,
      },
    })) as unknown as ReadAsset<'Campaign'>[],
  };
}

function readWorkspaces({ workspaces = [] }: Instance, { mistakes }: Reading): string[] {
  const seen = new Set<string>();
  return workspaces.flatMap((name: string | undefined, index) => {
    if (name === undefined) return [];
    const path = inside('workspaces', index);
    const problem = nameProblem(name);
    if (problem !== undefined) mistakes.add(path, `${quote(name)} ${problem}`);
    if (isDefaultWorkspace(name)) mistakes.add(path, `${quote(name)} is always there; leave it out`);
    if (seen.has(foldName(name))) mistakes.add(path, `duplicate ${quote(name)} (case does not count)`);
    seen.add(foldName(name));
    return [name];
  });
}

/** Reads a section of assets, which have ids and, within their program, names of their own. */
function readNamed<Item extends InstanceList | InstanceCampaign, Read extends { readonly more: object }>(
  instance: Instance,
  section: 'lists' | 'campaigns',
  reading: Reading,
  read: (item: Item, path: string) => Read,
) {
  const { mistakes } = reading;
  const items = (instance[section] ?? []) as readonly (Item | undefined)[];
  const ids = new Set<number>();
  const names = new Set<string>();
  const programNames = (instance.programs ?? []).flatMap((program) => program?.name ?? []);
  return items.flatMap((item, index) => {
    if (item === undefined) return [];
    const path = inside(section, index);
    const { id, name } = item;
    if (id !== undefined && ids.has(id)) mistakes.add(`${path}.id`, `duplicate id ${id} in ${section}`);
    if (id !== undefined) ids.add(id);
    const programId = readProgram(item.program, `${path}.program`, programNames, reading);
    const problem = nameProblem(name);
    if (problem !== undefined) mistakes.add(`${path}.name`, `${quote(name)} ${problem}`);
    const identity = `${programId} ${foldName(name)}`;
    if (programId !== undefined && names.has(identity)) {
      const where = programId === null ? `${section} without a program` : `${section} of the program`;
      mistakes.add(`${path}.name`, `duplicate ${quote(name)} in the ${where} (case does not count)`);
    }
    names.add(identity);
    const { more, ...rest } = read(item, path);
    return [{ path, id, content: { name, programId: programId ?? null, ...more }, ...rest }];
  });
}

/** Returns the id of the program that a name or id means; null: none is given; undefined: none is found. */
function readProgram(
  program: string | number | undefined,
  path: string,
  names: readonly string[],
  reading: Reading,
): number | null | undefined {
  if (program === undefined) return null;
  if (typeof program === 'number') {
    checkReference('Program', program, path, reading);
    return program;
  }
  const found = reading.programsNamed(program);
  if (found.length > 1) {
    const ids = found.toSorted((a, b) => a - b).join(', ');
    reading.mistakes.add(
      path,
      `several programs are called ${quote(program)}; expected the id of one: ${ids}`,
    );
  } else if (found.length === 0 && reading.isComplete('programs')) {
    checkKnown(program, names, 'program', path, reading);
  }
  return found[0];
}

function readMembers({ members }: InstanceList, path: string, reading: Reading): number[] | undefined {
  const seen = new Set<number>();
  return members?.flatMap((id: number | undefined, index) => {
    if (id === undefined) return [];
    const place = inside(`${path}.members`, index);
    if (seen.has(id)) reading.mistakes.add(place, `lead ${id} is already a member of the list`);
    else checkReference('Lead', id, place, reading);
    seen.add(id);
    return [id];
  });
}

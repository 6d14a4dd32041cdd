import type { Records } from '../records/all.ts';
import { areEqual } from '../records/equality.ts';
import { lookup } from '../rules/lookups.ts';
import { quote } from '../rules/refusal.ts';
import { foldName } from '../rules/schema.ts';
import { changeOf, type Planning } from './planning.ts';
import type { ReadAsset, ReadList } from './read-assets.ts';
import { type Counts, count, noCounts } from './report.ts';

/** Plans the workspaces. `idOf`: returns the id of a workspace by name; null for Default, the empty name. */
export function planWorkspaces(
  names: readonly string[],
  planning: Planning,
): { readonly counts: Counts; idOf(name: string): number | null } {
  const { facts, stored, mode, exact } = planning;
  const change = changeOf('Workspace', planning);
  const counts = noCounts();
  const ids = new Map<string, number>();
  const newIds = facts.newIds.Workspace[Symbol.iterator]();
  for (const name of names) {
    const before = stored.named('Workspace', name);
    const id = before?.id ?? newIds.next().value ?? 0;
    ids.set(foldName(name), id);
    const isSame = before !== undefined && (mode === 'add' || before.name === name);
    if (!isSame) change(before, { id, name });
    count(counts, isSame ? 'unchanged' : before === undefined ? 'created' : 'updated');
  }
  if (exact) {
    const named = new Set(ids.values());
    for (const before of facts.records.Workspace.values()) {
      if (before === null || named.has(before.id)) continue;
      change(before, undefined);
      count(counts, 'removed');
    }
  }
  return {
    counts,
    idOf(name) {
      if (name === '') return null;
      return ids.get(foldName(name)) ?? stored.named('Workspace', name)?.id ?? null;
    },
  };
}

/** Plans the static lists and their members. */
export function planLists(lists: readonly ReadList[], planning: Planning): Counts {
  const { facts, stored, exact, now } = planning;
  const change = changeOf('ListMember', planning);
  const newIds = facts.newIds.ListMember[Symbol.iterator]();

  function planMembers(listId: number, members: readonly number[] | undefined): boolean {
    if (members === undefined && !exact) return false;
    const wanted = new Set(members);
    const held = stored.of('ListMember', listId);
    const gone = held.filter(({ leadId }) => !wanted.has(leadId));
    for (const member of gone) change(member, undefined);
    for (const { leadId } of held) wanted.delete(leadId);
    for (const leadId of wanted) {
      change(undefined, { id: newIds.next().value ?? 0, listId, leadId, addedAt: now });
    }
    return gone.length + wanted.size > 0;
  }

  return planAssets('StaticList', lists, planning, {
    parts: ({ members }, id) => planMembers(id, members),
    remove(id) {
      planMembers(id, []);
      const changeImport = changeOf('ListImport', planning);
      for (const each of stored.of('ListImport', id)) changeImport(each, undefined);
    },
  });
}

/** Plans the campaigns, after the lists. */
export function planCampaigns(campaigns: readonly ReadAsset<'Campaign'>[], planning: Planning): Counts {
  const { stored } = planning;
  const changeRun = changeOf('CampaignRun', planning);
  const changeImport = changeOf('ListImport', planning);
  const importsOf = keptImports(planning);
  return planAssets('Campaign', campaigns, planning, {
    parts: () => false,
    remove(id) {
      for (const run of stored.of('CampaignRun', id)) changeRun(run, undefined);
      for (const each of importsOf.get(id) ?? []) changeImport(each, { ...each, campaignId: null });
    },
  });
}

/** Returns the imports by campaign, without those of lists whose removal is planned. */
function keptImports({ facts, changes }: Planning) {
  const removed = new Set(
    changes.records.flatMap(({ type, before }) => (type === 'ListImport' ? (before?.id ?? []) : [])),
  );
  const kept = [...facts.records.ListImport.values()].filter(
    (each) => each !== null && !removed.has(each.id),
  );
  return Map.groupBy(kept, (each) => each?.campaignId ?? null) as ReadonlyMap<
    number | null,
    readonly Records['ListImport'][]
  >;
}

interface AssetParts<Asset> {
  /** Plans what belongs to an asset, and returns whether any of it changes. */
  parts(asset: Asset, id: number): boolean;
  /** Removes what belongs to an asset that is removed. */
  remove(id: number): void;
}

/** Plans lists or campaigns: those with an id by it, others by name within their program. */
function planAssets<Type extends 'StaticList' | 'Campaign', Asset extends ReadAsset<Type>>(
  type: Type,
  assets: readonly Asset[],
  planning: Planning,
  { parts, remove }: AssetParts<Asset>,
): Counts {
  const { facts, stored, mode, exact, mistakes } = planning;
  const change = changeOf(type, planning);
  const counts = noCounts();
  const records: ReadonlyMap<number, Records[Type] | null> = facts.records[type];
  const named = new Set(assets.flatMap(({ id }) => id ?? []));
  const newIds = facts.newIds[type].filter((id) => !named.has(id))[Symbol.iterator]();
  const planned: { readonly asset: Asset; readonly id: number }[] = [];
  for (const asset of assets) {
    const { name, programId } = asset.content as { readonly name: string; readonly programId: number | null };
    const same = stored
      .all(type, lookup(type, 'name' as never, name))
      .filter((record) => record.programId === programId && !named.has(record.id));
    const id = asset.id ?? same[0]?.id ?? newIds.next().value ?? 0;
    if (asset.id !== undefined && same[0] !== undefined && !exact) {
      mistakes.add(
        `${asset.path}.id`,
        `${quote(name)} has id ${same[0].id} in the database; expected that id or none`,
      );
    }
    planned.push({ asset, id });
  }
  for (const { asset, id } of planned) {
    const before = records.get(id) ?? undefined;
    if (before !== undefined && mode === 'add') {
      count(counts, 'unchanged');
      continue;
    }
    const after = { id, ...asset.content } as unknown as Records[Type];
    const differs = !areEqual(before, after);
    if (differs) change(before, after);
    const partsDiffer = parts(asset, id);
    count(counts, before === undefined ? 'created' : differs || partsDiffer ? 'updated' : 'unchanged');
  }
  if (!exact) return counts;
  const kept = new Set(planned.map(({ id }) => id));
  for (const [id, before] of records) {
    if (before === null || kept.has(id)) continue;
    change(before, undefined);
    remove(id);
    count(counts, 'removed');
  }
  return counts;
}

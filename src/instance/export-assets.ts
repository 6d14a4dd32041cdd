import type { Records } from '../records/all.ts';
import { compareKeys } from '../rules/custom-objects/object-key.ts';
import { namedType } from '../rules/custom-objects/object-type.ts';
import { cookieText } from '../rules/leads/cookie.ts';
import { foldName } from '../rules/schema.ts';
import { isoText } from '../rules/values.ts';
import type { StoreContents } from '../store/store.ts';
import { filled } from './filled.ts';

/** Returns a function that exports what belongs to a lead. */
export function leadPartsExport(contents: StoreContents): (lead: Records['Lead']) => object {
  const ofLead = ({ leadId }: { readonly leadId: number }) => leadId;
  const foreignIds = Map.groupBy(contents.leadForeignIds, ofLead);
  const cookies = Map.groupBy(contents.leadCookies, ofLead);
  const crmKeys = Map.groupBy(contents.leadCrmKeys, ofLead);
  const workspaces = new Map(contents.workspaces.map(({ id, name }) => [id, name]));
  return ({ id, workspaceId }) =>
    filled({
      workspace: workspaces.get(workspaceId ?? 0),
      foreignIds: (foreignIds.get(id) ?? []).map(({ type, value }) => ({ type, id: value })),
      cookies: (cookies.get(id) ?? []).map(({ value }) => cookieText(value)),
      crmKeys: exportCrmKeys(crmKeys.get(id) ?? []),
    });
}

function exportCrmKeys(keys: readonly Records['LeadCrmKey'][]): object {
  const byType = Map.groupBy(keys, ({ type }) => type);
  return Object.fromEntries(
    Array.from(byType, ([type, some]) => {
      const values = some.map(({ value }) => value);
      return [type, values.length === 1 ? values[0] : values];
    }),
  );
}

/**
 * Exports workspaces, lists, campaigns and custom objects, in an order that depends on nothing but them: by id, where
 * they have one in the file, else by name, lead or keys.
 */
export function exportAssets(contents: StoreContents): object {
  const programOf = programExport(contents);
  const members = Map.groupBy(contents.listMembers, ({ listId }) => listId);
  const objects = Map.groupBy(contents.customObjects, ({ typeId }) => typeId);
  return {
    workspaces: contents.workspaces.map(({ name }) => name).sort(),
    lists: contents.lists.map(({ programId, ...list }) =>
      filled({
        ...list,
        program: programOf(programId),
        members: (members.get(list.id) ?? []).map(({ leadId }) => leadId).sort((a, b) => a - b),
      }),
    ),
    campaigns: contents.campaigns.map(({ programId, id, name, ...campaign }) =>
      filled({ id, name, program: programOf(programId), ...campaign }),
    ),
    customObjects: contents.customObjectTypes.toSorted(byName).map((type) => ({
      type: type.name,
      keys: type.keys,
      ...filled({ fields: type.fields, objects: exportObjects(type, objects.get(type.id) ?? []) }),
    })),
  };
}

const byName = (a: { readonly name: string }, b: { readonly name: string }) => (a.name < b.name ? -1 : 1);

/** Returns a function that exports a reference to a program: its name, or its id where others have that name. */
function programExport({ programs }: StoreContents): (id: number | null) => string | number | undefined {
  const names = new Map(programs.map(({ id, name }) => [id, name]));
  const count = Map.groupBy(programs, ({ name }) => foldName(name));
  return (id) => {
    if (id === null) return undefined;
    const name = names.get(id);
    return name === undefined || (count.get(foldName(name))?.length ?? 0) > 1 ? id : name;
  };
}

function exportObjects(
  type: Records['CustomObjectType'],
  objects: readonly Records['CustomObject'][],
): object[] {
  const { all } = namedType(type);
  const sorted = objects.toSorted((a, b) => compareKeys(a.key, b.key));
  return sorted.map(({ attributes, createdAt, updatedAt }) => ({
    attributes: Object.fromEntries(
      Object.entries(attributes).map(([name, value]) => [
        name,
        all.get(foldName(name))?.dataType === 'datetime' ? isoText(String(value)) : value,
      ]),
    ),
    createdAt: isoText(createdAt),
    updatedAt: isoText(updatedAt),
  }));
}

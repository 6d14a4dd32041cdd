import { cookieForm } from '../rules/leads/cookie.ts';
import { crmKeyForm } from '../rules/leads/lead-key.ts';
import { quote } from '../rules/refusal.ts';
import { foldName } from '../rules/schema.ts';
import { inside } from './mistakes.ts';
import { checkKnown, type Item, type Reading } from './reading.ts';
import type { Instance, InstanceLeadParts } from './shape.ts';

/** Something that belongs to a lead: its columns, and its place in the file. */
export interface ReadLeadPart<Content> {
  readonly path: string;
  readonly content: Content;
}
export interface ForeignIdContent {
  readonly type: string;
  readonly value: string;
}
export interface CrmKeyContent extends ForeignIdContent {
  readonly key: string;
}

/** What belongs to a lead. Undefined where the file does not say. */
export interface ReadLeadParts {
  /** A name; empty: Default. */
  readonly workspace: string | undefined;
  /** Oldest first. */
  readonly foreignIds: readonly ReadLeadPart<ForeignIdContent>[] | undefined;
  readonly cookies: readonly ReadLeadPart<{ readonly value: string }>[] | undefined;
  readonly crmKeys: readonly ReadLeadPart<CrmKeyContent>[] | undefined;
}

const DEFAULT_WORKSPACE = 'Default';
export const isDefaultWorkspace = (name: string): boolean => foldName(name) === foldName(DEFAULT_WORKSPACE);

/** Returns a function that reads what belongs to a lead, and reports what belongs to two. */
export function leadPartsReader(
  instance: Instance,
  reading: Reading,
): (lead: Item, path: string) => ReadLeadParts {
  const { mistakes } = reading;
  const workspaces = (instance.workspaces ?? []).filter((name) => name !== undefined);
  const inFile = new Set(workspaces.map(foldName));
  const taken = new Map<string, string>();

  function checkFree(identity: readonly string[], path: string): void {
    const key = JSON.stringify(identity);
    const first = taken.get(key);
    if (first === undefined) taken.set(key, path);
    else mistakes.add(path, `is already at ${first}; expected one lead to have it, once`);
  }

  function readWorkspace(sent: string | undefined, path: string): string | undefined {
    const name = sent?.trim();
    if (name === undefined) return undefined;
    if (name === '' || isDefaultWorkspace(name)) return '';
    const isKnown = inFile.has(foldName(name)) || reading.hasWorkspace(name);
    if (!isKnown && reading.isComplete('workspaces')) {
      checkKnown(name, [DEFAULT_WORKSPACE, ...workspaces], 'workspace', inside(path, 'workspace'), reading);
    }
    return name;
  }

  function readCrmKeys(keys: InstanceLeadParts['crmKeys'], path: string) {
    return Object.entries(keys ?? {}).flatMap(([type, values]) => {
      const around = inside(inside(path, 'crmKeys'), type);
      const all = typeof values === 'string' ? [values] : values;
      const seen = new Set<string>();
      return all.flatMap((sent: string | undefined, index) => {
        if (sent === undefined) return [];
        const place = typeof values === 'string' ? around : inside(around, index);
        const key = crmKeyForm(type, sent);
        if (key === '') mistakes.add(place, `${quote(sent)}: expected a key`);
        if (seen.has(key)) mistakes.add(place, `${quote(sent)}: the lead has this key twice`);
        seen.add(key);
        return [{ path: place, content: { type, value: sent.trim(), key } }];
      });
    });
  }

  return (item, path) => {
    const { workspace, foreignIds, cookies, crmKeys } = item as InstanceLeadParts;
    return {
      workspace: readWorkspace(workspace, path),
      foreignIds: foreignIds?.flatMap((foreignId: { type: string; id: string } | undefined, index) => {
        if (foreignId === undefined) return [];
        const place = inside(inside(path, 'foreignIds'), index);
        const { type, id: value } = foreignId;
        if (value.trim() === '') mistakes.add(inside(place, 'id'), `${quote(value)}: expected an id`);
        checkFree(['foreignId', type, value], place);
        return [{ path: place, content: { type, value } }];
      }),
      cookies: cookies?.flatMap((cookie: string | undefined, index) => {
        if (cookie === undefined) return [];
        const place = inside(inside(path, 'cookies'), index);
        const value = cookieForm(cookie);
        if (value === '') mistakes.add(place, `${quote(cookie)}: expected a cookie`);
        checkFree(['cookie', value], place);
        return [{ path: place, content: { value } }];
      }),
      crmKeys: crmKeys === undefined ? undefined : readCrmKeys(crmKeys, path),
    };
  };
}

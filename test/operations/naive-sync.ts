import type { MObjStatus, SyncOperation } from '../../src/contract/enumerations.ts';
import type { MObjectSettings } from '../../src/rules/settings.ts';

/**
 * A second statement of docs/behaviour.md, as plainly as it can be said: one object at a time, every
 * look-up a walk over everything. It knows only values that are valid as they stand, which is what the property test
 * sends.
 */

export interface SentObject {
  type: 'Program' | 'Opportunity' | 'OpportunityPersonRole';
  id?: number | undefined;
  key?: { name: string; value: string } | undefined;
  attributes: Record<string, string | undefined>;
  /** Association target → id or key. */
  associations: readonly {
    target: 'Company' | 'Lead' | 'Opportunity';
    id?: number | undefined;
    key?: { name: string; value: string } | undefined;
  }[];
  costs: readonly { id?: number | undefined; month: string; amount: string }[];
}

export interface NaiveRow {
  id: number | null;
  status: MObjStatus;
}

interface Row {
  id: number;
  values: Record<string, string>;
  /** Keys of names that were no field when they were written. */
  loose: Record<string, string>;
}

export type NaiveSettings = Pick<MObjectSettings, 'unknownFields' | 'externalKeys'>;

export interface NaiveStore {
  Opportunity: Row[];
  OpportunityPersonRole: Row[];
  Program: { id: number; costs: { id: number; month: string; amount: string }[] }[];
  leads: { id: number; companyId: number | null; attributes: Record<string, string> }[];
  companies: { id: number; keys: Record<string, string> }[];
  /** The names of the fields that there are. */
  fields: { Opportunity: Set<string>; OpportunityPersonRole: Set<string> };
  settings: NaiveSettings;
  last: { Opportunity: number; OpportunityPersonRole: number; Cost: number; Company: number };
}

class Failed extends Error {}

export function naiveSync(store: NaiveStore, objects: SentObject[], operation: SyncOperation): NaiveRow[] {
  return objects.map((object) => {
    const companies = store.companies.length;
    try {
      return object.type === 'Program' ? program(store, object, operation) : one(store, object, operation);
    } catch (error) {
      if (!(error instanceof Failed)) throw error;
      for (const { id } of store.companies.splice(companies)) {
        store.last.Company -= 1;
        for (const lead of store.leads) if (lead.companyId === id) lead.companyId = null;
      }
      return { id: object.id ?? null, status: 'FAILED' };
    }
  });
}

function program(store: NaiveStore, object: SentObject, operation: SyncOperation): NaiveRow {
  if (Object.keys(object.attributes).length > 0 || object.associations.length > 0) throw new Failed();
  if (operation !== 'UPDATE' || object.id === undefined) throw new Failed();
  const found = store.Program.find(({ id }) => id === object.id);
  if (found === undefined) return { id: object.id, status: 'SKIPPED' };
  for (const cost of object.costs) {
    if (cost.id !== undefined && !found.costs.some(({ id }) => id === cost.id)) throw new Failed();
  }
  const before = JSON.stringify(found.costs);
  for (const cost of object.costs) {
    const old = found.costs.find(({ id }) => id === cost.id);
    if (old !== undefined) Object.assign(old, { month: cost.month, amount: cost.amount });
  }
  for (const cost of object.costs) {
    if (cost.id !== undefined) continue;
    store.last.Cost += 1;
    found.costs.push({ id: store.last.Cost, month: cost.month, amount: cost.amount });
  }
  return { id: found.id, status: JSON.stringify(found.costs) === before ? 'UNCHANGED' : 'UPDATED' };
}

function one(store: NaiveStore, sent: SentObject, operation: SyncOperation): NaiveRow {
  if (sent.type === 'Program' || sent.costs.length > 0) throw new Failed();
  const { type } = sent;
  const known = store.fields[type];
  const { unknownFields, externalKeys } = store.settings;
  const mayName = (name: string, fields: Set<string>) => externalKeys === 'any' || fields.has(name);
  if (sent.key !== undefined && !mayName(sent.key.name, known)) throw new Failed();
  const names = Object.keys(sent.attributes);
  if (unknownFields === 'fail' && names.some((name) => !known.has(name))) throw new Failed();
  const attributes = Object.entries(sent.attributes).filter(
    ([name]) => known.has(name) || unknownFields === 'create',
  );
  const object = { ...sent, attributes: Object.fromEntries(attributes) };
  const allowed = type === 'Opportunity' ? ['Company'] : ['Lead', 'Opportunity'];
  if (object.associations.some(({ target }) => !allowed.includes(target))) throw new Failed();
  const strange = object.associations.some(
    ({ target, id, key }) =>
      target === 'Opportunity' && !id && !mayName(key?.name ?? '', store.fields.Opportunity),
  );
  if (strange) throw new Failed();

  const found = find(store, object, operation);
  if (found === undefined) {
    if (object.id !== undefined && operation !== 'UPDATE') throw new Failed();
    if (operation === 'UPDATE') return { id: object.id ?? null, status: 'SKIPPED' };
    const values = wanted(store, object);
    const loose: Record<string, string> = {};
    const { key } = object;
    if (key !== undefined && !known.has(key.name) && [undefined, ' '].includes(values[key.name])) {
      loose[key.name] = key.value;
    } else if (key !== undefined) {
      const { name, value } = key;
      if (values[name] !== undefined && values[name] !== value) throw new Failed();
      checkReference(store, name, value);
      values[name] = value;
    }
    removeCleared(values);
    checkRole(type, values);
    store.last[type] += 1;
    store[type].push({ id: store.last[type], values, loose });
    for (const name of Object.keys(values)) known.add(name);
    return { id: store.last[type], status: 'CREATED' };
  }
  if (operation === 'INSERT') return { id: found.id, status: 'SKIPPED' };
  const after = { ...found.values, ...wanted(store, object) };
  removeCleared(after);
  checkRole(type, after);
  const same = JSON.stringify(sorted(after)) === JSON.stringify(sorted(found.values));
  found.values = after;
  for (const name of Object.keys(after)) known.add(name);
  return { id: found.id, status: same ? 'UNCHANGED' : 'UPDATED' };
}

const sorted = (values: Record<string, string>) => Object.entries(values).sort();

function removeCleared(values: Record<string, string>): void {
  for (const [name, value] of Object.entries(values)) if (value === ' ') delete values[name];
}

function checkRole(type: SentObject['type'], values: Record<string, string>): void {
  if (type !== 'OpportunityPersonRole') return;
  if (values.OpportunityId === undefined || values.PersonId === undefined) throw new Failed();
}

function find(store: NaiveStore, object: SentObject, operation: SyncOperation): Row | undefined {
  if (object.type === 'Program') return undefined;
  const all = [...store[object.type]].sort((a, b) => b.id - a.id);
  if (object.id !== undefined) return all.find(({ id }) => id === object.id);
  const { key } = object;
  if (key !== undefined) return all.find((row) => hasKey(row, key));
  if (object.type === 'Opportunity') return undefined;
  const said = wanted(store, object);
  if (said.OpportunityId === undefined || said.PersonId === undefined) return undefined;
  const role = said.Role === ' ' ? undefined : said.Role;
  return all.find(
    ({ values }) =>
      values.OpportunityId === said.OpportunityId &&
      values.PersonId === said.PersonId &&
      (operation === 'UPDATE' || values.Role === role),
  );
}

const hasKey = ({ values, loose }: Row, { name, value }: { name: string; value: string }) =>
  values[name] === value || loose[name] === value;

/** The values that the object sets; a single space clears. */
function wanted(store: NaiveStore, object: SentObject): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [name, value] of Object.entries(object.attributes)) {
    if (value === undefined || value === '') continue;
    if (value !== ' ') checkReference(store, name, value);
    values[name] = value;
  }
  const fieldOf = { Company: 'CompanyId', Lead: 'PersonId', Opportunity: 'OpportunityId' };
  for (const association of object.associations) {
    const name = fieldOf[association.target];
    const id = String(follow(store, association));
    if (values[name] !== undefined && values[name] !== id) throw new Failed();
    values[name] = id;
  }
  return values;
}

function checkReference(store: NaiveStore, name: string, value: string): void {
  const targets = { CompanyId: store.companies, PersonId: store.leads, OpportunityId: store.Opportunity };
  const target = targets[name as keyof typeof targets];
  if (target !== undefined && !target.some(({ id }) => String(id) === value)) throw new Failed();
}

function follow(store: NaiveStore, { target, id, key }: SentObject['associations'][number]): number {
  const newest = <T extends { id: number }>(rows: T[], matches: (row: T) => boolean) =>
    [...rows].sort((a, b) => b.id - a.id).find(matches);
  const byKey = (keys: Record<string, string>) => key !== undefined && keys[key.name] === key.value;
  if (target === 'Opportunity') {
    const found = newest(store.Opportunity, (row) =>
      id === undefined ? key !== undefined && hasKey(row, key) : row.id === id,
    );
    if (found === undefined) throw new Failed();
    return found.id;
  }
  const lead = newest(store.leads, (row) =>
    target === 'Lead' && id !== undefined ? row.id === id : byKey(row.attributes),
  );
  if (target === 'Lead') {
    if (lead === undefined) throw new Failed();
    return lead.id;
  }
  const company = newest(store.companies, (row) => (id === undefined ? byKey(row.keys) : row.id === id));
  if (company !== undefined) return company.id;
  if (id !== undefined || lead === undefined) throw new Failed();
  if (lead.companyId !== null) return lead.companyId;
  store.last.Company += 1;
  store.companies.push({ id: store.last.Company, keys: {} });
  lead.companyId = store.last.Company;
  return lead.companyId;
}

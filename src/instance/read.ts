import type { ReferenceTarget, StoredType } from '../contract/fields.ts';
import type { CompanyRecord, LeadRecord } from '../records/all.ts';
import { type FieldValue, type FieldValues, fieldValues } from '../records/field-values.ts';
import { closestName, quote } from '../rules/refusal.ts';
import { foldName, type Schema } from '../rules/schema.ts';
import { readDatetime, readDecimal, readMonth, readValue } from '../rules/values.ts';
import { inside, type MistakeList } from './mistakes.ts';
import type {
  Instance,
  InstanceCost,
  InstanceLead,
  InstanceOpportunity,
  InstanceProgram,
  InstanceRole,
} from './shape.ts';

/** The context in which the records of a file are read. */
export interface ReadContext {
  readonly schema: Schema;
  /** IANA time zone of datetimes without an offset. */
  readonly timeZone: string;
  /** Tells whether the record exists in the file or the store. */
  exists(type: ReferenceTarget, id: number): boolean;
  /** False where the definitions could not be read; unknown names are then not reported. */
  readonly complete: { readonly fields: boolean; readonly tags: boolean; readonly channels: boolean };
}

/** Times given by the file; the store's apply where they are missing. */
interface Times {
  readonly createdAt: string | undefined;
  readonly updatedAt: string | undefined;
}

export interface ReadCost {
  readonly id: number | undefined;
  readonly month: string;
  readonly amount: number;
  readonly note: string | null;
}

export interface ReadProgram extends Times {
  readonly item: InstanceProgram;
  readonly costs: readonly ReadCost[];
}

export interface ReadMObject extends Times {
  readonly id: number;
  readonly values: FieldValues;
  /** By name, as spelled in the file. */
  readonly externalKeys: ReadonlyMap<string, string>;
}

/** The records of a file, with values read like those of calls (docs/behaviour.md#data-types). */
export interface ReadRecords {
  readonly programs: readonly ReadProgram[];
  readonly companies: readonly CompanyRecord[];
  readonly leads: readonly LeadRecord[];
  readonly opportunities: readonly ReadMObject[];
  readonly roles: readonly ReadMObject[];
}

type Attributes = Readonly<Record<string, FieldValue>>;

/** Reads all records and collects all mistakes. Skips undefined items, which have an invalid shape. */
export function readRecords(instance: Instance, context: ReadContext, mistakes: MistakeList): ReadRecords {
  const { schema, timeZone, exists, complete } = context;
  const costIds = new Set<number>();

  function items<Item extends { readonly id: number }, Read>(
    list: readonly Item[] | undefined,
    kind: string,
    read: (item: Item, path: string) => Read,
  ): Read[] {
    const ids = new Set<number>();
    return (list ?? []).flatMap((item, index) => {
      if (item === undefined) return [];
      const path = inside(`$.${kind}`, index);
      if (ids.has(item.id)) mistakes.add(`${path}.id`, `the id ${item.id} stands in ${kind} twice`);
      ids.add(item.id);
      return [read(item, path)];
    });
  }

  function reference(type: ReferenceTarget, id: number, path: string): void {
    if (!exists(type, id)) mistakes.add(path, `there is no ${type} ${id}`);
  }

  function known(name: string, names: Iterable<string>, what: string, path: string): void {
    const all = [...names];
    if (all.includes(name)) return;
    const close = closestName(name, all);
    const meant = close === undefined ? '' : ` (${close} was meant?)`;
    mistakes.add(path, `${quote(name)} is no ${what}${meant}; define it in the file`);
  }

  function instant(text: string | undefined, path: string): string | undefined {
    if (text === undefined) return undefined;
    const read = readDatetime(text.trim(), timeZone);
    if ('value' in read) return String(read.value);
    mistakes.add(path, `${quote(text)}: ${read.problem}`);
    return undefined;
  }

  const times = (item: InstanceProgram | InstanceOpportunity | InstanceRole, path: string): Times => ({
    createdAt: instant(item.createdAt, `${path}.createdAt`),
    updatedAt: instant(item.updatedAt, `${path}.updatedAt`),
  });

  function readProgram(item: InstanceProgram, path: string): ReadProgram {
    for (const [type, value] of Object.entries(item.tags ?? {})) {
      if (!complete.tags) break;
      const tagPath = inside(`${path}.tags`, type);
      const values = schema.tags.get(type);
      if (values === undefined) known(type, schema.tags.keys(), 'tag type', tagPath);
      else known(value, values, `value of tag type ${type}`, tagPath);
    }
    if (item.channel !== undefined && complete.channels) {
      known(item.channel, schema.channels.keys(), 'channel', `${path}.channel`);
    }
    for (const name of ['startDate', 'endDate'] as const) {
      const read = readDatetime(item[name] ?? '2000-01-01', 'UTC');
      if ('problem' in read) mistakes.add(`${path}.${name}`, `${quote(item[name] ?? '')}: ${read.problem}`);
    }
    const costs = (item.costs ?? []).map((cost, index) => readCost(cost, inside(`${path}.costs`, index)));
    return { item, ...times(item, path), costs };
  }

  function readCost({ id, month, amount, note }: InstanceCost, path: string): ReadCost {
    if (id !== undefined) {
      if (costIds.has(id)) mistakes.add(`${path}.id`, `the cost id ${id} stands in the file twice`);
      costIds.add(id);
    }
    const readTheMonth = readMonth(month);
    if ('problem' in readTheMonth) mistakes.add(`${path}.month`, `${quote(month)}: ${readTheMonth.problem}`);
    const readAmount = readDecimal(String(amount));
    if ('problem' in readAmount) mistakes.add(`${path}.amount`, `${amount}: ${readAmount.problem}`);
    return {
      id,
      month: 'month' in readTheMonth ? readTheMonth.month : '',
      amount: 'value' in readAmount ? Number(readAmount.value) : 0,
      note: note ?? null,
    };
  }

  function readTexts(
    owner: 'Lead' | 'Company',
    attributes: Attributes | undefined,
    path: string,
    elsewhere: readonly string[],
  ): Map<string, string> {
    const texts = new Map<string, string>();
    for (const { name, value, path: place } of distinct(attributes, path)) {
      if (elsewhere.includes(foldName(name))) {
        mistakes.add(place, `"${name}" stands beside these, not among them`);
      }
      const field = schema.fields[owner].find(name);
      const text = String(value);
      if (text === '') continue;
      const read = field && readValue(field, text, timeZone);
      if (read && 'problem' in read) mistakes.add(place, `${quote(text)}: ${read.problem}`);
      texts.set(name.trim(), text);
    }
    return texts;
  }

  function readLead({ id, email, companyId, attributes }: InstanceLead, path: string): LeadRecord {
    if (companyId !== undefined) reference('Company', companyId, `${path}.companyId`);
    return {
      id,
      email: email === undefined || email === '' ? null : email,
      companyId: companyId ?? null,
      attributes: readTexts('Lead', attributes, `${path}.attributes`, ['id', 'email']),
    };
  }

  /** Returns attributes with their paths. Reports names that differ only in case. */
  function distinct(attributes: Attributes | undefined, path: string) {
    const names = new Set<string>();
    return Object.entries(attributes ?? {}).map(([name, value]) => {
      const place = inside(path, name);
      if (foldName(name) === '') mistakes.add(place, 'expected a name');
      if (names.has(foldName(name))) mistakes.add(place, 'stands here twice (case does not count)');
      names.add(foldName(name));
      return { name, value, path: place };
    });
  }

  function readValues(
    type: StoredType,
    properties: readonly { name: string; value: FieldValue | undefined; path: string }[],
    attributes: Attributes | undefined,
    path: string,
    orphan = false,
  ): FieldValues {
    const values = fieldValues(type);
    const catalogue = schema.fields[type];
    for (const { name, value, path: place } of [...properties, ...distinct(attributes, path)]) {
      if (value === undefined) continue;
      const field = catalogue.find(name);
      if (field === undefined) {
        const names = catalogue.all.map((each) => each.name);
        if (complete.fields) known(name, names, `field of ${type}`, place);
        continue;
      }
      if (field.name === 'Id') {
        mistakes.add(place, 'the id stands beside the attributes, not among them');
        continue;
      }
      const text = String(value);
      if (text === '' || text === ' ') continue;
      const read = readValue(field, text, timeZone);
      const earlier = values.get(field.name);
      if ('problem' in read) mistakes.add(place, `${quote(text)}: ${read.problem}`);
      else if (earlier !== undefined && earlier !== read.value) {
        mistakes.add(place, `${quote(text)} and ${quote(String(earlier))} are both given; they must agree`);
      } else {
        values.set(field.name, read.value);
        if (field.references !== null && !orphan) reference(field.references, Number(read.value), place);
      }
    }
    return values;
  }

  function readKeys(keys: Readonly<Record<string, string>> | undefined, path: string): Map<string, string> {
    return new Map(distinct(keys, path).map(({ name, value }) => [name.trim(), String(value)]));
  }

  function readOpportunity(item: InstanceOpportunity, path: string): ReadMObject {
    const { id, companyId, attributes, externalKeys } = item;
    const properties = [{ name: 'CompanyId', value: companyId, path: `${path}.companyId` }];
    const values = readValues('Opportunity', properties, attributes, `${path}.attributes`);
    return { id, values, externalKeys: readKeys(externalKeys, `${path}.externalKeys`), ...times(item, path) };
  }

  function readRole(item: InstanceRole, path: string): ReadMObject {
    const properties = [
      { name: 'OpportunityId', value: item.opportunityId, path: `${path}.opportunityId` },
      { name: 'PersonId', value: item.leadId, path: `${path}.leadId` },
      { name: 'Role', value: item.role, path: `${path}.role` },
      { name: 'IsPrimary', value: item.isPrimary, path: `${path}.isPrimary` },
      { name: 'ExternalCreatedDate', value: item.externalCreatedDate, path: `${path}.externalCreatedDate` },
    ];
    const values = readValues(
      'OpportunityPersonRole',
      properties,
      item.attributes,
      `${path}.attributes`,
      item.orphan,
    );
    if (!item.orphan) {
      if (!values.has('OpportunityId')) mistakes.add(`${path}.opportunityId`, 'is missing');
      if (!values.has('PersonId')) mistakes.add(`${path}.leadId`, 'is missing');
    }
    const externalKeys = readKeys(item.externalKeys, `${path}.externalKeys`);
    return { id: item.id, values, externalKeys, ...times(item, path) };
  }

  return {
    programs: items(instance.programs, 'programs', readProgram),
    companies: items(instance.companies, 'companies', ({ id, name, externalKeys }, path) => ({
      id,
      name,
      externalKeys: readTexts('Company', externalKeys, `${path}.externalKeys`, ['id']),
    })),
    leads: items(instance.leads, 'leads', readLead),
    opportunities: items(instance.opportunities, 'opportunities', readOpportunity),
    roles: items(instance.roles, 'roles', readRole),
  };
}

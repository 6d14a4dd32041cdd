import { createColumns } from '../bulk/columns.ts';
import { BulkError } from '../bulk/errors.ts';
import type { FieldDefinition } from '../contract/fields.ts';
import { isStored } from '../contract/fields.ts';
import type { FileSection, MObjectRecord } from '../records/all.ts';
import type { FieldValue, FieldValues } from '../records/field-values.ts';
import type { LooseKey } from '../rules/facts.ts';
import { foldName } from '../rules/schema.ts';
import { formatValue, isoText } from '../rules/values.ts';
import { cursorBehind, sectionOf } from '../store/section-rows.ts';
import type { Cursor, SectionName, SectionReader, SectionRows } from '../store/sections.ts';
import { IdSet } from './id-set.ts';
import type { Layout, TransferField } from './layout.ts';

/** A row of an export: its values by header, in the order of the headers. */
export type ExportedRow = ReadonlyMap<string, string>;

export interface ExportedRows {
  readonly headers: readonly string[];
  readonly rows: AsyncGenerator<ExportedRow>;
}

const PAGE = 1000;

/** A record of any type, by property. */
type AnyRecord = Readonly<Record<string, unknown>> & { readonly id: number };

/** A column of the export. */
interface Output {
  readonly header: string;
  /** Returns the text of the value; undefined: the record has none. */
  textOf(record: AnyRecord, part: Readonly<Record<string, unknown>> | undefined): string | undefined;
}

/**
 * Reads the records of a section, ascending by id, in pages: a record that is changed meanwhile is exported as it is
 * before or after. `importFile` reads the rows into the same records.
 */
export async function exportRows(
  reader: SectionReader,
  section: FileSection,
  layout: Layout,
): Promise<ExportedRows> {
  const names = await namesIn(reader, section, layout);
  const isOrphan = section === 'roles' ? await orphanTest(reader) : undefined;
  const outputs = outputsOf(layout, names);
  const headers = ['id', ...outputs.map(({ header }) => header)];

  async function* rows(): AsyncGenerator<ExportedRow> {
    const loose = looseReader(reader, layout);
    for await (const found of pages(reader, section)) {
      const record = found as unknown as AnyRecord;
      const externalKeys = await loose(record.id);
      const orphan = isOrphan?.(found as unknown as MObjectRecord);
      assertNamed(layout, names, { ...record, ...externalKeys });
      const parts = (layout.part && (record[layout.part] as readonly AnyRecord[])) || [];
      for (const part of parts.length === 0 ? [undefined] : parts) {
        const row = new Map([['id', String(record.id)]]);
        for (const { header, textOf } of outputs) {
          const text = textOf({ ...record, ...externalKeys, orphan }, part);
          if (text !== undefined) row.set(header, text);
        }
        yield row;
      }
    }
  }

  return { headers, rows: rows() };
}

async function* pages<Name extends SectionName>(
  reader: SectionReader,
  section: Name,
  from: Cursor = [],
): AsyncGenerator<SectionRows[Name]> {
  let after: Cursor = from;
  for (;;) {
    const page = await reader.page(section, after, PAGE);
    yield* page;
    if (page.length < PAGE) return;
    after = cursorBehind(sectionOf(section, page));
  }
}

type Names = ReadonlyMap<string, ReadonlySet<string>>;

/** Returns the names that values have, by property: the headers have to be known before the first row. */
async function namesIn(reader: SectionReader, section: FileSection, layout: Layout): Promise<Names> {
  const names = new Map(layout.named.map((property) => [property, new Set<string>()]));
  const isRead = layout.named.filter((property) => isInRecord(layout, property));
  if (isRead.length > 0) {
    for await (const found of pages(reader, section)) {
      for (const property of isRead) {
        const values = (found as unknown as AnyRecord)[property] as ReadonlyMap<string, string>;
        for (const name of values.keys()) names.get(property)?.add(name);
      }
    }
  }
  if (isStored(layout.type)) {
    for await (const { type, name } of pages(reader, 'looseKeys', [layout.type, 0, ''])) {
      if (type !== layout.type) break;
      names.get('externalKeys')?.add(name);
    }
  }
  return names;
}

const isInRecord = ({ declaration: { columns, parts } }: Layout, property: string): boolean =>
  columns[property] !== undefined || parts[property] !== undefined;

function assertNamed({ named }: Layout, names: Names, record: AnyRecord): void {
  for (const property of named) {
    const values = record[property];
    if (!(values instanceof Map)) continue;
    for (const name of values.keys()) {
      if (names.get(property)?.has(name)) continue;
      throw new BulkError([
        `${property} ${JSON.stringify(name)} of ${record.id} was added while the export ran; run it again`,
      ]);
    }
  }
}

function outputsOf(layout: Layout, names: Names): Output[] {
  const columns = createColumns({
    type: layout.type,
    fields: layout.fields,
    targets: layout.targets,
    exactField: layout.exactField,
    map: new Map(),
    externalKey: undefined,
    unknown: 'skip',
  });
  const headerOf = ({ name, place }: TransferField, field: TransferField): string => {
    const found = columns.find(name);
    const isFound = 'kind' in found && found.kind === 'field' && found.field === field;
    return isFound || place.kind !== 'named' ? name : `${place.property}.${place.name}`;
  };
  const outputs = layout.fields.map((field) => fieldOutput(layout, field, headerOf(field, field)));
  const headers = new Set(outputs.map(({ header }) => header));
  for (const property of layout.named) {
    const defined = new Set(
      layout.fields.flatMap(({ place }) =>
        place.kind === 'named' && place.property === property ? [place.name] : [],
      ),
    );
    for (const name of [...(names.get(property) ?? [])].filter((each) => !defined.has(each)).sort()) {
      const header = `${property}.${name}`;
      if (headers.has(header)) throw new BulkError([`two columns would have the header ${header}`]);
      headers.add(header);
      outputs.push({ header, textOf: (record) => textNamed(record[property], name) });
    }
  }
  return outputs;
}

const textNamed = (values: unknown, name: string): string | undefined =>
  values instanceof Map ? values.get(name) : undefined;

function fieldOutput(layout: Layout, field: TransferField, header: string): Output {
  const { place, dataType } = field;
  const written = (value: unknown): string | undefined => {
    if (value === null || value === undefined) return undefined;
    if (dataType === 'datetime') return isoText(String(value));
    return formatValue(dataType as FieldDefinition['dataType'], value as FieldValue, 'UTC');
  };
  switch (place.kind) {
    case 'part':
      return { header, textOf: (_record, part) => written(part?.[place.name]) };
    case 'property': {
      const { columns, instance = {} } = layout.declaration;
      const fieldName = instance[place.property];
      if (columns[place.property] !== undefined || fieldName === undefined)
        return { header, textOf: (record) => written(record[place.property]) };
      return { header, textOf: ({ values }) => written((values as FieldValues).get(fieldName)) };
    }
    case 'named':
      return {
        header,
        textOf: (record) =>
          isInRecord(layout, place.property)
            ? textNamed(record[place.property], place.name)
            : written((record.values as FieldValues).get(place.name)),
      };
  }
}

/** Returns a function that reads the loose keys of a record; ids must ascend. */
function looseReader(reader: SectionReader, { type }: Layout) {
  if (!isStored(type)) return async () => ({});
  const all = pages(reader, 'looseKeys', [type, 0, '']);
  let next: LooseKey | undefined;
  let isAtEnd = false;
  const step = async () => {
    const { value, done } = await all.next();
    isAtEnd = done === true || value.type !== type;
    next = isAtEnd ? undefined : (value as LooseKey);
  };
  return async (id: number) => {
    const externalKeys = new Map<string, string>();
    if (next === undefined && !isAtEnd) await step();
    while (next !== undefined && next.id <= id) {
      if (next.id === id) externalKeys.set(next.name, next.value);
      await step();
    }
    return { externalKeys };
  };
}

/** Returns a function that tells whether the opportunity or the lead of a role is missing; undefined: neither is. */
async function orphanTest(reader: SectionReader): Promise<(role: MObjectRecord) => true | undefined> {
  const [leads, opportunities] = [new IdSet(), new IdSet()];
  for await (const { id } of pages(reader, 'leads')) leads.add(id);
  for await (const { id } of pages(reader, 'opportunities')) opportunities.add(id);
  return ({ values }) => {
    const isWhole =
      opportunities.has(Number(values.get('OpportunityId'))) && leads.has(Number(values.get('PersonId')));
    return isWhole ? undefined : true;
  };
}

/** Tells whether a file with cells can have the header: its reader takes blanks around it away. */
export const isHeader = (name: string): boolean => name === name.trim() && foldName(name) !== '';

import { declarationOf, type Records, type RecordType } from '../../records/all.ts';
import { columnName } from '../../records/column.ts';
import { keyOf } from '../../rules/custom-objects/object-key.ts';
import { type CustomObjectTypeRecord, isLeadId } from '../../rules/custom-objects/object-type.ts';
import { crmKeyForm } from '../../rules/leads/lead-key.ts';
import { foldedText } from '../../rules/lookups.ts';
import { quote } from '../../rules/refusal.ts';
import { correct, type Findings } from './report.ts';
import { type CheckSource, pagesOf, type ReadRow } from './source.ts';

/** The types of custom objects by their ids. */
export type CustomObjectTypes = ReadonlyMap<number, CustomObjectTypeRecord>;

/** Reads the types of custom objects, which say what the keys of objects are made of. */
export async function readCustomObjectTypes(source: CheckSource): Promise<CustomObjectTypes> {
  const types = new Map<number, CustomObjectTypeRecord>();
  for await (const { rows } of pagesOf((after, limit) => source.records('CustomObjectType', after, limit))) {
    for (const row of rows) if ('content' in row) types.set(row.id, row.content);
  }
  return types;
}

/** Returns the properties of a record that follow from others, as they must be. */
type Derivation<Type extends RecordType> = (
  record: Records[Type],
  types: CustomObjectTypes,
) => Partial<Records[Type]>;

/** Properties that the rules fill from others of the record, so that lookups find it. */
const derivations: { readonly [Type in RecordType]?: Derivation<Type> } = {
  LeadCrmKey: ({ type, value }) => ({ key: crmKeyForm(type, value) }),
  CustomObject({ typeId, attributes }, types) {
    const type = types.get(typeId);
    if (type === undefined) return {};
    const [, leadId = null] = Object.entries(attributes).find(([name]) => isLeadId(name)) ?? [];
    const key = keyOf(type, attributes);
    return { leadId: leadId === null ? null : Number(leadId), ...(key === undefined ? {} : { key }) };
  },
};

/** Compares what follows from other properties of a page of records with what is stored: keys, and texts without case. */
export async function checkDerived<Type extends RecordType>(
  source: CheckSource,
  type: Type,
  page: { readonly after: number; readonly last: number; readonly rows: readonly ReadRow<Records[Type]>[] },
  types: CustomObjectTypes,
  findings: Findings,
): Promise<void> {
  checkProperties(type, page.rows, types, findings);
  const { table, columns } = declarationOf[type];
  for (const [property, { name = columnName(property), foldedOf }] of Object.entries(columns)) {
    if (foldedOf === undefined) continue;
    const held = new Map(await source.texts(table, name, page.after, page.last));
    for (const row of page.rows) {
      if (!('content' in row)) continue;
      const text = Reflect.get(row.content, foldedOf) as string | null;
      const expected = text === null ? null : foldedText(text);
      compare(`${type} ${row.id}: ${property}`, held.get(row.id) ?? null, expected, findings);
    }
  }
}

function checkProperties<Type extends RecordType>(
  type: Type,
  rows: readonly ReadRow<Records[Type]>[],
  types: CustomObjectTypes,
  findings: Findings,
): void {
  const derive = derivations[type] as Derivation<Type> | undefined;
  if (derive === undefined) return;
  for (const row of rows) {
    if (!('content' in row)) continue;
    for (const [property, expected] of Object.entries(derive(row.content, types))) {
      compare(`${type} ${row.id}: ${property}`, Reflect.get(row.content, property), expected, findings);
    }
  }
}

function compare(where: string, found: unknown, expected: unknown, findings: Findings): void {
  if (found === expected) return;
  findings.fault({
    where,
    found: `${shown(found)}, so lookups miss the record`,
    expected: `${shown(expected)}, which follows from the rest of the record`,
    remedy: correct,
  });
}

const shown = (value: unknown): string => (value === null ? 'nothing' : quote(String(value)));

import { SoapFault } from '../../contract/faults.ts';
import { ignoredNames } from '../field-names.ts';
import { unknownFieldsTexts } from '../leads/unknown-lead-fields.ts';
import { quote, RowRefusal } from '../refusal.ts';
import { createdField } from '../row-values.ts';
import { type FieldCatalogue, foldName, type Schema } from '../schema.ts';
import type { MObjectSettings } from '../settings.ts';

/** A column of an import. `name` of a field: as defined, or as it will be; of a token: `{{my.x}}`. */
export type ImportColumn =
  | { readonly kind: 'email' }
  | { readonly kind: 'field'; readonly name: string }
  | { readonly kind: 'token'; readonly name: string }
  | { readonly kind: 'ignored' };

export interface HeaderContext {
  readonly schema: Schema;
  readonly settings: MObjectSettings;
  /** True if the import names a campaign, which tokens belong to. */
  readonly hasCampaign: boolean;
  /** UTC, `YYYY-MM-DDTHH:MM:SS.sssZ`. */
  readonly now: string;
}

/**
 * Reads the columns that a header names: tokens, or fields of leads by display name or name, without case. Throws fault
 * 20110 for one that is unknown, empty or named twice, for tokens without a campaign, and if no column has the address
 * (docs/behaviour-leads.md#columns-of-an-import).
 */
export function readImportHeader(names: readonly string[], context: HeaderContext): ImportColumn[] {
  const find = fieldFinder(context.schema.fields.Lead);
  const columns = names.map((name, index) => readColumn(name, index, find, context));
  const seen = new Set<string>();
  for (const [index, column] of columns.entries()) {
    if (column.kind === 'ignored') continue;
    const identity = column.kind === 'email' ? 'email' : `${column.kind} ${foldName(column.name)}`;
    if (seen.has(identity)) {
      throw headerFault(
        `the column ${quote(names[index] ?? '')} is there twice, or names a field that another names`,
      );
    }
    seen.add(identity);
  }
  if (!seen.has('email')) throw headerFault('no column has the address; expected one named "Email Address"');
  return columns;
}

/** Returns the fault of a header. */
export const headerFault = (text: string): SoapFault => new SoapFault(20110, `importFileHeader: ${text}`);

const TOKEN = /^(?:\{\{(my\..+)\}\}|(my\..+))$/i;

function readColumn(
  name: string,
  index: number,
  find: (name: string) => string | undefined,
  { schema, settings, hasCampaign, now }: HeaderContext,
): ImportColumn {
  if (name === '') throw headerFault(`column ${index + 1} has no name`);
  const token = TOKEN.exec(name);
  if (token !== null) {
    if (!hasCampaign) throw headerFault(`the column ${quote(name)} is a token, and campaignName is missing`);
    return { kind: 'token', name: `{{${token[1] ?? token[2]}}}` };
  }
  const field = find(name);
  if (field !== undefined) return field === 'Email' ? { kind: 'email' } : { kind: 'field', name: field };
  if (ignoredNames.has(foldName(name)) || settings.unknownFields === 'ignore') return { kind: 'ignored' };
  if (settings.unknownFields === 'fail') throw headerFault(unknownFieldsTexts(schema)([name]));
  try {
    return { kind: 'field', name: createdField('Lead', name, now).name };
  } catch (error) {
    throw error instanceof RowRefusal ? headerFault(error.message) : error;
  }
}

/** Returns a function that finds the name of a field by name or display name; of two, the one with the name counts. */
function fieldFinder(fields: FieldCatalogue): (name: string) => string | undefined {
  const byDisplayName = new Map<string, string>();
  for (const { name, displayName } of fields.all) {
    if (displayName !== null) byDisplayName.set(foldName(displayName), name);
  }
  return (name) => fields.find(name)?.name ?? byDisplayName.get(foldName(name));
}

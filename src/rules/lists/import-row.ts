import type { Received } from '../../contract/messages.ts';
import type { Token } from '../campaigns/tokens.ts';
import { type LeadRow, type RefusedLeadRow, readLeadRow } from '../leads/lead-row.ts';
import type { LeadContext } from '../leads/lead-values.ts';
import type { CsvRow } from './csv-rows.ts';
import type { ImportColumn } from './import-header.ts';

/** A row of an import. `problem`: why it cannot be read. */
export type ImportRow =
  | { readonly problem: string }
  | { readonly lead: LeadRow; readonly tokens: readonly Token[] };

/** Reads a row, as far as possible without the store. */
export function readImportRow(
  cells: CsvRow,
  columns: readonly ImportColumn[],
  context: LeadContext,
): ImportRow {
  if ('problem' in cells) return cells;
  const attribute: Received<'Attribute'>[] = [];
  const tokens: Token[] = [];
  let Email = '';
  for (const [index, column] of columns.entries()) {
    const value = cells[index] ?? '';
    if (column.kind === 'email') Email = value;
    else if (column.kind === 'field') attribute.push({ attrName: column.name, attrValue: value });
    else if (column.kind === 'token' && value !== '') tokens.push([column.name, value]);
  }
  if (Email === '') return { problem: 'has no e-mail address' };
  const lead: LeadRow | RefusedLeadRow = readLeadRow(
    { Email, leadAttributeList: { attribute } },
    undefined,
    context,
  );
  return lead.kind === 'refused' ? { problem: lead.refusal.message } : { lead, tokens };
}

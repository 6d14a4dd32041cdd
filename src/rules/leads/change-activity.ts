import type { FieldDefinition } from '../../contract/fields.ts';
import type { FieldValue } from '../../records/field-values.ts';
import type { NewActivity } from '../activities/add-activity.ts';
import { leadValueText } from './lead-message.ts';

/** A field of a lead that a call changes. */
export interface LeadChange {
  readonly field: Pick<FieldDefinition, 'name' | 'displayName' | 'dataType'>;
  readonly before: FieldValue | null;
  readonly after: FieldValue | null;
}

/**
 * Returns the activity Change Data Value (docs/behaviour-leads.md#7-activities). `now`: UTC,
 * `YYYY-MM-DDTHH:MM:SS.sssZ`. `timeZone`: of datetimes in it.
 */
export function changeActivity(
  leadId: number,
  { field, before, after }: LeadChange,
  { now, timeZone }: { readonly now: string; readonly timeZone: string },
): NewActivity {
  const text = (value: FieldValue | null) => (value === null ? null : changeText(field, value, timeZone));
  const assetName = field.displayName ?? field.name;
  return {
    leadId,
    type: 'ChangeDataValue',
    at: now,
    assetName,
    attributes: [
      ['Attribute Name', assetName],
      ['Old Value', text(before)],
      ['New Value', text(after)],
      ['Reason', 'SOAP API'],
    ],
  };
}

/** Returns a value as answers have it, and a false one, which they leave out, as 0. */
const changeText = ({ dataType }: LeadChange['field'], value: FieldValue, timeZone: string): string =>
  value === false ? '0' : leadValueText(dataType, value, timeZone);

import { quote } from '../refusal.ts';
import type { Schema } from '../schema.ts';
import { closestField } from '../unknown-field.ts';

/** Names of unknown fields that a text lists; comparing names is slow. */
const NAMED_AT_MOST = 10;

/** Returns the text of a row's refusal for unknown fields, with the closest known ones. */
export function unknownFieldsText(names: readonly string[], schema: Schema): string {
  const phrases = names.slice(0, NAMED_AT_MOST).map((name) => {
    const close = closestField('Lead', name, schema);
    return `${quote(name)}${close === undefined ? '' : ` (did you mean ${close}?)`}`;
  });
  const others = names.length > NAMED_AT_MOST ? ` and ${names.length - NAMED_AT_MOST} more` : '';
  return (
    `Lead has no field ${phrases.join(', ')}${others}; define it (mktows fields add --type Lead --name …) ` +
    'or open the schema (mktows serve --unknown-fields create, or --schema open)'
  );
}

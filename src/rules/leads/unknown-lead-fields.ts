import { quote } from '../refusal.ts';
import type { Schema } from '../schema.ts';
import { closestField } from '../unknown-field.ts';

/** Names of unknown fields that a text lists. */
const NAMED_AT_MOST = 10;
/** Unknown names of a call that are compared with the known ones, which is slow. */
const COMPARED_AT_MOST = 100;

/**
 * Returns a function that makes the text of a row's refusal for unknown fields, with the closest known ones. Serves the
 * rows of one call: the names in its first texts are compared, later ones get no suggestion.
 */
export function unknownFieldsTexts(schema: Schema): (names: readonly string[]) => string {
  const closest = new Map<string, string | undefined>();

  function suggestion(name: string): string {
    if (!closest.has(name) && closest.size < COMPARED_AT_MOST) {
      closest.set(name, closestField('Lead', name, schema));
    }
    const close = closest.get(name);
    return close === undefined ? '' : ` (did you mean ${close}?)`;
  }

  return (names) => {
    const phrases = names.slice(0, NAMED_AT_MOST).map((name) => `${quote(name)}${suggestion(name)}`);
    const others = names.length > NAMED_AT_MOST ? ` and ${names.length - NAMED_AT_MOST} more` : '';
    return (
      `Lead has no field ${phrases.join(', ')}${others}; define it (mktows fields add --type Lead --name …) ` +
      'or open the schema (mktows serve --unknown-fields create, or --schema open)'
    );
  };
}

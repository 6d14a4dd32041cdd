import type { FieldValue } from '../records/field-values.ts';

/** A value, or the problem with its text, worded as "expected …". */
export type ReadValue = { readonly value: FieldValue } | { readonly problem: string };

/** Returns the problem of a text that is not what was expected. */
export const expected = (what: string): { problem: string } => ({ problem: `expected ${what}` });

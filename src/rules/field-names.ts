import { isStored } from '../contract/fields.ts';
import { nameProblem } from '../contract/names.ts';
import { catalogueOf, type FieldCatalogue, type FieldOwner, fieldOwners, foldName } from './schema.ts';

/**
 * Folded names of attributes that clients send along although they cannot be written
 * (docs/behaviour.md#ignored-attributes); accepted and ignored, so no field can have them.
 */
export const ignoredNames: ReadonlySet<string> = new Set(['id', 'createdat', 'updatedat']);

/** Folded names that records of these types have besides their fields. */
const builtIn: Readonly<Record<'Lead' | 'Company', ReadonlySet<string>>> = {
  Lead: new Set(['id', 'email']),
  Company: new Set(['id', 'name']),
};

const standard = Object.fromEntries(fieldOwners.map((owner) => [owner, catalogueOf(owner, [])])) as Record<
  FieldOwner,
  FieldCatalogue
>;

/** Returns why a custom field cannot have this name, as a phrase that follows the name; undefined if it can. */
export function fieldNameProblem(owner: FieldOwner, name: string): string | undefined {
  const folded = foldName(name);
  if (standard[owner].find(name) !== undefined || isBuiltIn(owner, folded)) {
    return `is a standard field of ${owner} and needs no definition`;
  }
  if (isStored(owner) && ignoredNames.has(folded)) {
    return 'is set by the server, and what clients send for it is ignored: no field can have that name';
  }
  return nameProblem(name);
}

const isBuiltIn = (owner: FieldOwner, folded: string): boolean =>
  (owner === 'Lead' || owner === 'Company') && builtIn[owner].has(folded);

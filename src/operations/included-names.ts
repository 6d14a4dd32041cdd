import { foldName } from '../rules/schema.ts';

/** The most names of a list that count, so that a list of very many takes little time. No type has as many fields. */
const NAMES_AT_MOST = 10_000;
/** The most characters of a name that count, blanks around it included. No field has a name as long. */
const NAME_AT_MOST = 1000;

/** Returns the folded names in an includeAttributes; undefined if it has none, which asks for all attributes. */
export function includedNames(
  sent: { readonly stringItem: readonly string[] } | undefined,
): ReadonlySet<string> | undefined {
  const names = new Set<string>();
  for (const name of sent?.stringItem.slice(0, NAMES_AT_MOST) ?? [])
    names.add(foldName(name.slice(0, NAME_AT_MOST)));
  names.delete('');
  return names.size === 0 ? undefined : names;
}

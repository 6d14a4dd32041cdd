import { SoapFault } from '../../contract/faults.ts';
import { quote } from '../refusal.ts';

/**
 * A static list or campaign ("asset") of a program is named `Program.Name` in answers and in most calls
 * (docs/behaviour-leads.md#names-of-lists-and-campaigns).
 */
export const assetName = (name: string, program: string | undefined): string =>
  program === undefined ? name : `${program}.${name}`;

/** Returns each way to read a name as one of a program and one inside it: both can contain dots. */
export function qualifiedNames(sent: string): { readonly program: string; readonly name: string }[] {
  const found: { program: string; name: string }[] = [];
  for (let dot = sent.indexOf('.'); dot !== -1; dot = sent.indexOf('.', dot + 1)) {
    const program = sent.slice(0, dot).trim();
    const name = sent.slice(dot + 1).trim();
    if (program !== '' && name !== '') found.push({ program, name });
    if (found.length === WAYS_AT_MOST) break;
  }
  return found;
}

/** Dots in a name beyond these separate nothing, so that a name of many dots costs little. */
const WAYS_AT_MOST = 20;

/** The most characters of the name of a list, campaign or program that a call creates. */
const NAME_AT_MOST = 255;

/** Returns the name of something that a call creates. Throws fault 20110 if it is too long. */
export function newName(parameter: string, sent: string): string {
  const name = sent.trim();
  if (name.length <= NAME_AT_MOST) return name;
  throw new SoapFault(
    20110,
    `${parameter}: ${quote(name)} has ${name.length} characters; expected at most ${NAME_AT_MOST}`,
  );
}

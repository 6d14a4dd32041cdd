import { illegalCharacter } from '../contract/names.ts';
import { inside, type MistakeList } from './mistakes.ts';

/** Reports texts and names with characters that XML cannot represent. */
export function checkCharacters(value: unknown, path: string, mistakes: MistakeList): void {
  if (typeof value === 'string') checkText(value, path, 'the text', mistakes);
  else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) checkCharacters(item, inside(path, index), mistakes);
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, item] of Object.entries(value)) {
      checkText(name, inside(path, name), 'the name', mistakes);
      checkCharacters(item, inside(path, name), mistakes);
    }
  }
}

function checkText(text: string, path: string, what: string, mistakes: MistakeList): void {
  const found = illegalCharacter(text);
  if (found === undefined) return;
  mistakes.add(path, `${what} has the character ${found}, which XML cannot carry`);
}

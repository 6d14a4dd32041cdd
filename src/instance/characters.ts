import { inside, type MistakeList } from './mistakes.ts';

/** Characters that XML 1.0 cannot represent (production 2, Char), so no answer could contain them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these characters are what it looks for
const ILLEGAL = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|\p{Surrogate}/u;

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
  const found = ILLEGAL.exec(text)?.[0].codePointAt(0);
  if (found === undefined) return;
  const code = found.toString(16).toUpperCase().padStart(4, '0');
  mistakes.add(path, `${what} has the character U+${code}, which XML cannot carry`);
}

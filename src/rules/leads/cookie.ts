import { illegalCharacter } from '../../contract/names.ts';

/**
 * Returns a Munchkin cookie as it is stored and compared: URL-decoded, and without the part `id:<munchkin>&` that some
 * clients leave out (docs/behaviour-leads.md#2-which-lead-a-key-means). One that decodes to characters that XML cannot
 * carry stays as it was sent: neither a call nor an instance file could name it otherwise.
 */
export const cookieForm = (sent: string): string => decoded(sent.trim()).replace(/^id:[^&]*&/, '');

function decoded(cookie: string): string {
  try {
    const text = decodeURIComponent(cookie);
    return illegalCharacter(text) === undefined ? text : cookie;
  } catch {
    return cookie;
  }
}

/** Returns a text whose `cookieForm` is this stored cookie: itself, unless it would be decoded or cut again. */
export const cookieText = (stored: string): string =>
  cookieForm(stored) === stored ? stored : encodeURIComponent(`id:&${stored}`);

import { type Tag, tagsOf } from './tags.ts';

const SIGNATURE = 'requestSignature';

/**
 * Replaces the content of the Header's signature, also one that is cut, in CDATA, in character references, or in
 * another element that its `href` names. `signature`: as it was read, to be replaced wherever else it stands. Takes
 * time proportional to the length of the text, which may break off.
 */
export function withoutSignature(xml: string, signature?: string | null): string {
  const ids = new Set<string>();
  // Mostly the signature is in the Header, and what follows need not be looked at.
  const last = xml.lastIndexOf(SIGNATURE);
  let left = replaced(xml, last, ({ localName, text }) => {
    if (localName !== SIGNATURE) return false;
    note(ids, text);
    return true;
  });
  // A reference may lead to another one.
  for (let known = 0; ids.size > known; ) {
    known = ids.size;
    left = replaced(left, left.length, ({ text }) => {
      if (!ids.has(attributeOf(text, 'id') ?? '')) return false;
      note(ids, text);
      return true;
    });
  }
  return signature ? left.replace(new RegExp(RegExp.escape(signature), 'gi'), '…') : left;
}

/** The decoder follows no more references from one to another. */
const LONGEST_CHAIN = 64;

function note(ids: Set<string>, tag: string): void {
  const href = attributeOf(tag, 'href');
  if (href?.startsWith('#') && href !== '#' && ids.size < LONGEST_CHAIN) ids.add(href.slice(1));
}

/** Replaces the content of the elements that `isMeant` returns true for. No tag of theirs begins after `last`. */
function replaced(xml: string, last: number, isMeant: (tag: Tag) => boolean): string {
  let result = '';
  let done = 0;
  /** Open elements of this name, the first of which is meant. */
  let open = 0;
  let openName = '';
  for (const tag of tagsOf(xml)) {
    const { index, text, name, kind } = tag;
    if (index > last) break;
    if (open > 0) {
      if (name !== openName || kind === 'empty') continue;
      open += kind === 'end' ? -1 : 1;
      if (open === 0) done = index;
    } else if (kind !== 'end' && isMeant(tag) && kind === 'start') {
      result += `${xml.slice(done, index + text.length)}…`;
      open = 1;
      openName = name;
    }
  }
  return open > 0 ? result : result + xml.slice(done);
}

function attributeOf(tag: string, name: 'id' | 'href'): string | undefined {
  const found = attributes[name].exec(tag);
  return found?.[1] ?? found?.[2];
}

const attributes = {
  id: /\sid\s*=\s*(?:"([^"]*)"|'([^']*)')/,
  href: /\shref\s*=\s*(?:"([^"]*)"|'([^']*)')/,
};

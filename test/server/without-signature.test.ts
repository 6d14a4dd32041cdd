import { expect, it } from 'vitest';
import { tagsOf } from '../../src/server/tags.ts';
import { withoutSignature } from '../../src/server/without-signature.ts';
import { randomNumbers, SEED } from '../random-numbers.ts';

/** Replaces the content of the elements that are meant; looks at every tag. */
function replaced(xml: string, isMeant: (text: string, localName: string) => boolean): string {
  let result = '';
  let done = 0;
  let open: { readonly name: string; depth: number } | undefined;
  for (const { index, text, name, localName, kind } of tagsOf(xml)) {
    if (open !== undefined) {
      if (name === open.name && kind !== 'empty') open.depth += kind === 'end' ? -1 : 1;
      if (open.depth === 0) {
        done = index;
        open = undefined;
      }
    } else if (kind !== 'end' && isMeant(text, localName) && kind === 'start') {
      result += `${xml.slice(done, index + text.length)}…`;
      open = { name, depth: 1 };
    }
  }
  return open === undefined ? result + xml.slice(done) : result;
}

/** Replaces all elements that a signature refers to, in as many passes as there are ids. */
function naively(xml: string): string {
  const ids = new Set<string>();
  const note = (tag: string) => {
    const id = /\shref="#([a-z]+)"/.exec(tag)?.[1];
    if (id !== undefined) ids.add(id);
    return true;
  };
  let left = replaced(xml, (text, localName) => localName === 'requestSignature' && note(text));
  for (let known = 0; ids.size > known; ) {
    known = ids.size;
    left = replaced(left, (text) => ids.has(/\sid="([a-z]+)"/.exec(text)?.[1] ?? '') && note(text));
  }
  return left;
}

const pieces = [
  ...['<requestSignature>', '</requestSignature>', '<requestSignature/>', '</requestSignature >'],
  ...['<n:requestSignature a=">">', '</n:requestSignature>', '<requestSignature href="#s"/>'],
  ...['<requestSignatures>', '</requestSignatures>', ' requestSignature ', '<a b="requestSignature">'],
  ...['<m id="s">', '<m id="t" href="#u"/>', '<m id="s" href="#t">', '</m>', '<k id="u">', '</k>'],
  ...['<!-- ', ' -->', '<![CDATA[', ']]>', '<?p ', '?>', '<', '>', '"', "'", 'text', '&#82;'],
];

it('the same is left out as by a look at every tag', () => {
  const random = randomNumbers(SEED);
  const below = (limit: number) => Math.floor(random() * limit);
  for (let round = 0; round < 20_000; round++) {
    const xml = Array.from({ length: 1 + below(16) }, () => pieces[below(pieces.length)]).join('');
    expect(withoutSignature(xml), xml).toBe(naively(xml));
  }
});

it.each(['a', ' a=1', ' a="b"', '""', "''", `"'`])(
  'a tag of nine million characters is read: %s',
  (piece) => {
    const tag = `<m ${piece.repeat(9_000_000 / piece.length)}`;
    expect(withoutSignature(`${tag}<requestSignature>SECRET</requestSignature>`)).toBe(
      `${tag}<requestSignature>…</requestSignature>`,
    );
  },
);

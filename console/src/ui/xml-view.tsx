import { memo, type ReactNode, useMemo } from 'react';
import { type XmlToken, xmlTokens } from '../xml-tokens.ts';
import { Text } from './text.tsx';

/** Longer documents are shown as they are, since each element becomes several elements of the page. */
const FORMATTED_AT_MOST = 300_000;
const TEXT_AT_MOST = 2000;

/** XML, indented and coloured; values are shown as they were sent. Nothing of it is interpreted. */
export const XmlView = memo(function XmlView({
  xml,
  label,
}: {
  readonly xml: string;
  readonly label: string;
}) {
  const lines = useMemo(() => (xml.length > FORMATTED_AT_MOST ? undefined : linesOf(xmlTokens(xml))), [xml]);
  return (
    // biome-ignore lint/a11y/useSemanticElements: it is no part of a form
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a part that scrolls must be reachable by keyboard
    <div className="xml" tabIndex={0} role="group" aria-label={label}>
      {lines?.map(({ depth, tokens }, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the document does not change
        <Line key={place} depth={depth} tokens={tokens} />
      )) ?? <Text value={xml} most={FORMATTED_AT_MOST} />}
    </div>
  );
});

interface LineOfXml {
  readonly depth: number;
  readonly tokens: readonly XmlToken[];
}

const isBlank = (token: XmlToken) => token.kind === 'text' && token.text.trim() === '';

/** Puts each tag on a line of its own, but elements that hold a text only, or nothing, on one line. */
function linesOf(all: readonly XmlToken[]): LineOfXml[] {
  const tokens = all.filter(
    (token, place) =>
      !isBlank(token) || (all[place - 1]?.kind === 'open' && all[place + 1]?.kind === 'close'),
  );
  const lines: LineOfXml[] = [];
  let depth = 0;
  for (let place = 0; place < tokens.length; place += 1) {
    const token = tokens[place] as XmlToken;
    if (token.kind === 'close') depth = Math.max(0, depth - 1);
    const length = token.kind === 'open' ? lengthOfSimple(tokens, place) : 1;
    lines.push({ depth, tokens: tokens.slice(place, place + length) });
    if (token.kind === 'open' && length === 1) depth += 1;
    place += length - 1;
  }
  return lines;
}

function lengthOfSimple(tokens: readonly XmlToken[], place: number): number {
  const [next, afterNext] = [tokens[place + 1]?.kind, tokens[place + 2]?.kind];
  if (next === 'close') return 2;
  return next === 'text' && afterNext === 'close' ? 3 : 1;
}

function Line({ depth, tokens }: LineOfXml): ReactNode {
  return (
    <>
      {'  '.repeat(depth)}
      {tokens.map((token, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the document does not change
        <Token key={place} token={token} />
      ))}
      {'\n'}
    </>
  );
}

function Token({ token }: { readonly token: XmlToken }) {
  if ('text' in token) {
    return (
      <span className={token.kind === 'text' ? 'text' : 'mark'}>
        <Text value={token.text} most={TEXT_AT_MOST} />
      </span>
    );
  }
  const { kind, name, rest } = token;
  return (
    <>
      <span className="mark">{kind === 'close' ? '</' : '<'}</span>
      <span className="name">
        <Text value={name} />
      </span>
      <span className="mark">
        {rest !== '' && <Text value={rest} most={TEXT_AT_MOST} />}
        {kind === 'empty' ? '/>' : '>'}
      </span>
    </>
  );
}

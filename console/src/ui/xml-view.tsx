import { memo, type ReactNode, useMemo } from 'react';
import { Text } from './text.tsx';

/** Longer documents are shown as they are, since each element becomes several elements of the page. */
const FORMATTED_AT_MOST = 300_000;
const TEXT_AT_MOST = 2000;

/** XML, indented and coloured. What is not well-formed is shown as it is. The text is never interpreted as HTML. */
export const XmlView = memo(function XmlView({
  xml,
  label,
}: {
  readonly xml: string;
  readonly label: string;
}) {
  const formatted = useMemo(() => format(xml), [xml]);
  return (
    // biome-ignore lint/a11y/useSemanticElements: it is no part of a form
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a part that scrolls must be reachable by keyboard
    <div className="xml" tabIndex={0} role="group" aria-label={label}>
      {formatted ?? <Text value={xml} most={FORMATTED_AT_MOST} />}
    </div>
  );
});

function format(xml: string): ReactNode {
  if (xml.length > FORMATTED_AT_MOST) return null;
  const parsed = new DOMParser().parseFromString(xml, 'application/xml');
  if (parsed.getElementsByTagName('parsererror').length > 0) return null;
  // biome-ignore lint/suspicious/noArrayIndexKey: the document does not change
  return Array.from(parsed.childNodes, (node, place) => <Node key={place} node={node} depth={0} />);
}

const indent = (depth: number) => '  '.repeat(depth);

function Node({ node, depth }: { readonly node: ChildNode; readonly depth: number }) {
  if (node instanceof Element) return <ElementView element={node} depth={depth} />;
  const text = node.nodeValue ?? '';
  if (node.nodeType === window.Node.COMMENT_NODE) {
    return (
      <span className="mark">
        {indent(depth)}
        {'<!--'}
        <Text value={text} most={TEXT_AT_MOST} />
        {'-->\n'}
      </span>
    );
  }
  if (text.trim() === '') return null;
  return (
    <>
      {indent(depth)}
      <span className="text">
        <Text value={text} most={TEXT_AT_MOST} />
      </span>
      {'\n'}
    </>
  );
}

function ElementView({ element, depth }: { readonly element: Element; readonly depth: number }) {
  const children = Array.from(element.childNodes);
  const hasElements = children.some((child) => child instanceof Element);
  const text = element.textContent ?? '';
  return (
    <>
      {indent(depth)}
      <span className="mark">{'<'}</span>
      <span className="name">{element.tagName}</span>
      {Array.from(element.attributes, ({ name, value }) => (
        <span key={name} className="mark">
          {` ${name}="`}
          <Text value={value} />
          {'"'}
        </span>
      ))}
      {children.length === 0 && <span className="mark">{'/>\n'}</span>}
      {children.length > 0 && <span className="mark">{hasElements ? '>\n' : '>'}</span>}
      {hasElements &&
        // biome-ignore lint/suspicious/noArrayIndexKey: the document does not change
        children.map((child, place) => <Node key={place} node={child} depth={depth + 1} />)}
      {!hasElements && children.length > 0 && (
        <span className="text">
          <Text value={text} most={TEXT_AT_MOST} />
        </span>
      )}
      {children.length > 0 && (
        <>
          {hasElements && indent(depth)}
          <span className="mark">{'</'}</span>
          <span className="name">{element.tagName}</span>
          <span className="mark">{'>\n'}</span>
        </>
      )}
    </>
  );
}

import { SaxesParser } from 'saxes';

/** An element as it means, without prefixes and without the white space between elements. */
export interface InfosetElement {
  readonly name: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly text?: string;
  readonly children?: readonly InfosetElement[];
}

/** The infoset of a document: names as `{namespace}local`, attributes without namespace declarations. */
export function infoset(xml: string): InfosetElement {
  interface Open {
    name: string;
    attributes: Record<string, string>;
    text: string;
    children: InfosetElement[];
  }
  const stack: Open[] = [];
  let root: InfosetElement | undefined;
  const parser = new SaxesParser({ xmlns: true });
  const expand = (uri: string, local: string) => (uri === '' ? local : `{${uri}}${local}`);
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ uri, local, attributes }) => {
    const kept = Object.values(attributes).filter((each) => each.prefix !== 'xmlns' && each.name !== 'xmlns');
    const named = kept.map((each) => [expand(each.uri, each.local), each.value]);
    stack.push({ name: expand(uri, local), attributes: Object.fromEntries(named), text: '', children: [] });
  });
  parser.on('text', (text) => {
    const open = stack.at(-1);
    if (open) open.text += text;
  });
  parser.on('closetag', () => {
    const { name, attributes, text, children } = stack.pop() as Open;
    const element = {
      name,
      ...(Object.keys(attributes).length > 0 ? { attributes } : {}),
      ...(children.length > 0 ? { children } : text === '' ? {} : { text }),
    };
    const parent = stack.at(-1);
    if (parent) parent.children.push(element);
    else root = element;
  });
  parser.write(xml).close();
  if (root === undefined) throw new Error('no element');
  return root;
}

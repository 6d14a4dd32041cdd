import { SaxesParser, type SaxesTagNS } from 'saxes';

/** An element with what it holds; `name` is its local name. */
interface Node {
  readonly name: string;
  readonly namespace: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Node[];
}

function parse(text: string): Node {
  const top: Node = { name: '', namespace: '', attributes: {}, children: [] };
  const open = [top];
  const parser = new SaxesParser({ xmlns: true });
  parser.on('opentag', (tag: SaxesTagNS) => {
    const attributes = Object.fromEntries(
      Object.values(tag.attributes)
        .filter(({ prefix, name }) => prefix !== 'xmlns' && name !== 'xmlns')
        .map(({ local, value }) => [local, qualified(value)]),
    );
    const node: Node = { name: tag.local, namespace: tag.uri, attributes, children: [] };
    open.at(-1)?.children.push(node);
    open.push(node);
  });
  parser.on('closetag', () => open.pop());
  /** A value that is a prefix and a name, with the namespace in the prefix's place. */
  function qualified(value: string): string {
    const [, prefix, local] = /^([A-Za-z]+):([A-Za-z]\w*)$/.exec(value) ?? [];
    const uri = prefix === undefined ? undefined : parser.resolve(prefix);
    return uri === undefined ? value : `{${uri}}${local}`;
  }
  parser.write(text).close();
  return top.children[0] as Node;
}

const childrenOf = (node: Node, name: string) => node.children.filter((child) => child.name === name);

function childOf(node: Node, name: string): Node {
  const found = childrenOf(node, name);
  if (found.length !== 1) throw new Error(`<${node.name}> has ${found.length} <${name}>`);
  return found[0] as Node;
}

const all = (node: Node): Node[] => [node, ...node.children.flatMap(all)];

/** An element's declaration with the defaults that the schema gives what is left out. */
const elementMeaning = ({ attributes }: Node) => ({
  minOccurs: '1',
  maxOccurs: '1',
  nillable: 'false',
  ...attributes,
});

function typeMeaning(node: Node) {
  const below = all(node);
  return {
    kind: node.name,
    abstract: node.attributes.abstract ?? 'false',
    extends: below.find(({ name }) => name === 'extension')?.attributes.base,
    restricts: below.find(({ name }) => name === 'restriction')?.attributes.base,
    values: below.filter(({ name }) => name === 'enumeration').map(({ attributes }) => attributes.value),
    elements: below.filter(({ name }) => name === 'element').map(elementMeaning),
  };
}

const named = <Meaning>(nodes: Node[], meaning: (node: Node) => Meaning) => {
  const result = Object.fromEntries(nodes.map((node) => [node.attributes.name ?? '', meaning(node)]));
  if (Object.keys(result).length !== nodes.length) throw new Error('Two nodes have one name');
  return result;
};

/** What is below a node, in order, its attributes among it, without documentation. */
const plain = (node: Node): unknown => ({
  is: `{${node.namespace}}${node.name}`,
  attributes: node.attributes,
  children: node.children.filter(({ name }) => name !== 'documentation').map(plain),
});

/**
 * What a WSDL says, apart from how it is written: order counts where it means something (elements of a type,
 * parts of a message), and not where it does not (types, messages); prefixes, documentation and the address do not
 * count.
 */
export function wsdlMeaning(text: string) {
  const definitions = parse(text);
  const schema = childOf(childOf(definitions, 'types'), 'schema');
  const binding = childOf(definitions, 'binding');
  const service = childOf(definitions, 'service');
  const port = childOf(service, 'port');
  return {
    definitions: { ...definitions.attributes, namespace: definitions.namespace },
    schema: { ...schema.attributes, namespace: schema.namespace },
    types: named([...childrenOf(schema, 'complexType'), ...childrenOf(schema, 'simpleType')], typeMeaning),
    globalElements: named(childrenOf(schema, 'element'), elementMeaning),
    messages: named(childrenOf(definitions, 'message'), (message) => message.children.map(plain)),
    portType: {
      name: childOf(definitions, 'portType').attributes.name,
      operations: named(childrenOf(childOf(definitions, 'portType'), 'operation'), plain),
    },
    binding: {
      ...binding.attributes,
      style: plain(childOf(binding, 'binding')),
      operations: named(childrenOf(binding, 'operation'), plain),
    },
    service: { ...service.attributes, port: port.attributes },
    address: childOf(port, 'address').attributes.location ?? '',
  };
}

import type { TypeDeclaration } from '../contract/declarations.ts';
import { type TypeName, types } from '../contract/types.ts';
import { type Scalar, scalarNamed } from './scalars.ts';

/** Marks of what a message uses, for the declarations of its envelope. */
export interface WriterMarks {
  /** It has attributes of the namespace `xsi`. */
  usesXsi: boolean;
}

type Fields = Readonly<Record<string, unknown>>;
type WriteContent = (message: Fields, marks: WriterMarks) => string;

interface ElementWriter {
  readonly name: string;
  readonly startTag: string;
  readonly endTag: string;
  readonly emptyTag: string;
  readonly many: boolean;
  readonly scalar: Scalar | undefined;
  /** Undefined for simple types. */
  readonly content: WriteContent | undefined;
  readonly abstract: boolean;
}

const declarations: Readonly<Record<string, TypeDeclaration>> = types;
const writers = new Map<string, WriteContent>();

function writeOne(element: ElementWriter, value: unknown, marks: WriterMarks): string {
  const { name, startTag, endTag, emptyTag, scalar, content } = element;
  if (value === undefined) return '';
  if (value === null) {
    marks.usesXsi = true;
    return `<${name} xsi:nil="true"/>`;
  }
  if (scalar !== undefined) {
    const text = scalar.write(value);
    return text === '' ? emptyTag : startTag + text + endTag;
  }
  if (element.abstract) {
    const { $type } = value as { $type: string };
    marks.usesXsi = true;
    return `<${name} xsi:type="ns1:${$type}">${writerOf($type)(value as Fields, marks)}</${name}>`;
  }
  const text = content === undefined ? '' : content(value as Fields, marks);
  return text === '' ? emptyTag : startTag + text + endTag;
}

function compileElements(typeName: string): readonly ElementWriter[] {
  const listed = (declarations[typeName]?.elements ?? []).filter(({ occurs }) => occurs !== 'unlisted');
  return listed.map(({ name, type, occurs }) => {
    const scalar = scalarNamed(type);
    return {
      name,
      startTag: `<${name}>`,
      endTag: `</${name}>`,
      emptyTag: `<${name}/>`,
      many: occurs === 'many',
      scalar,
      content: scalar === undefined ? writerOf(type) : undefined,
      abstract: declarations[type]?.abstract ?? false,
    };
  });
}

function writerOf(typeName: string): WriteContent {
  const known = writers.get(typeName);
  if (known !== undefined) return known;

  let elements: readonly ElementWriter[] = [];
  const write: WriteContent = (message, marks) => {
    let text = '';
    for (const element of elements) {
      const value = message[element.name];
      if (!element.many) {
        text += writeOne(element, value, marks);
      } else {
        for (const item of value as readonly unknown[]) text += writeOne(element, item, marks);
      }
    }
    return text;
  };
  writers.set(typeName, write);
  elements = compileElements(typeName);
  return write;
}

/**
 * Writes the content of a message: its elements in the contract's order, unqualified, null as `xsi:nil`, and strings
 * escaped so that the result is always well-formed. The envelope must declare the prefixes `ns1` and `xsi`.
 */
export function writeMessage(type: TypeName, message: object, marks: WriterMarks): string {
  return writerOf(type)(message as Fields, marks);
}

import type { CompiledType } from './compiled-type.ts';
import { ENCODING_NAMESPACE, XSD_NAMESPACE, XSI_NAMESPACE } from './namespaces.ts';
import type { XmlAttribute, XmlPosition } from './xml-reader.ts';
import { trimSpace } from './xml-text.ts';

/** A name with its namespace; `uri` is undefined for a prefix that is bound to nothing. */
interface ExpandedName {
  readonly uri: string | undefined;
  readonly local: string;
}

/** The attributes of an element that mean something in a message. */
export interface ElementAttributes {
  /** `xsi:nil` is true. */
  readonly nil: boolean;
  /** `xsi:type` as sent, and the name it resolves to. */
  readonly xsiType: (ExpandedName & { readonly sent: string }) | undefined;
  /** It is an array of SOAP encoding: its children are the items, whatever their names. */
  readonly isArray: boolean;
  /** The name by which other elements refer to this one. */
  readonly id: string | undefined;
  /** The reference to the element that stands for this one. */
  readonly href: string | undefined;
}

export const noElementAttributes: ElementAttributes = {
  nil: false,
  xsiType: undefined,
  isArray: false,
  id: undefined,
  href: undefined,
};

/** Returns what the attributes mean for the element being opened. */
export function readAttributes(
  attributes: readonly XmlAttribute[],
  position: XmlPosition,
): ElementAttributes {
  if (attributes.length === 0) return noElementAttributes;
  const read: { -readonly [Key in keyof ElementAttributes]: ElementAttributes[Key] } = {
    ...noElementAttributes,
  };
  for (const { uri, local, value } of attributes) {
    if (uri === '') {
      if (local === 'id') read.id = value;
      else if (local === 'href') read.href = value;
    } else if (uri === XSI_NAMESPACE) {
      if (local === 'type') read.xsiType = { ...resolveName(value, position), sent: value };
      else if (local === 'nil') read.nil = trimSpace(value) === 'true' || trimSpace(value) === '1';
    } else if (uri === ENCODING_NAMESPACE && local === 'arrayType') {
      read.isArray = true;
    }
  }
  const { xsiType } = read;
  if (xsiType?.uri === ENCODING_NAMESPACE && xsiType.local === 'Array') read.isArray = true;
  return read;
}

/** Resolves a qualified name in an attribute's value. */
function resolveName(name: string, position: XmlPosition): ExpandedName {
  const trimmed = trimSpace(name);
  const colon = trimmed.indexOf(':');
  if (colon < 0) return { uri: '', local: trimmed };
  return { uri: position.resolve(trimmed.slice(0, colon)), local: trimmed.slice(colon + 1) };
}

/** Returns whether `xsi:type` says that the text is base64. */
export const saysBase64 = ({ xsiType }: ElementAttributes): boolean =>
  xsiType?.uri === XSD_NAMESPACE && xsiType.local === 'base64Binary';

/** Returns the extension of an abstract type that `xsi:type` names, with any prefix; undefined if it names none. */
export const namedExtension = (
  extensions: ReadonlyMap<string, CompiledType>,
  { xsiType }: ElementAttributes,
): CompiledType | undefined => (xsiType === undefined ? undefined : extensions.get(xsiType.local));

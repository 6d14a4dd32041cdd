import { MKTOWS_NAMESPACE } from '../contract/operations.ts';
import { XSD_NAMESPACE, XSI_NAMESPACE } from './namespaces.ts';
import type { XmlAttribute, XmlPosition } from './xml-reader.ts';
import { trimSpace } from './xml-text.ts';

/** The attributes of an element that mean something in a message. */
export interface ElementAttributes {
  /** `xsi:nil` is true. */
  nil: boolean;
  /** `xsi:type`, a qualified name. */
  xsiType: string | undefined;
  /** The name under which PHP refers to the element later. */
  id: string | undefined;
  /** The reference to an earlier element, that stands for this one. */
  href: string | undefined;
}

/** Fills in what an element's attributes say. */
export function readAttributes(attributes: readonly XmlAttribute[], into: ElementAttributes): void {
  into.nil = false;
  into.xsiType = undefined;
  into.id = undefined;
  into.href = undefined;
  for (const { uri, local, value } of attributes) {
    if (uri === '') {
      if (local === 'id') into.id = value;
      else if (local === 'href') into.href = value;
    } else if (uri === XSI_NAMESPACE) {
      if (local === 'type') into.xsiType = value;
      else if (local === 'nil') into.nil = trimSpace(value) === 'true' || trimSpace(value) === '1';
    }
  }
}

/** A qualified name in an attribute's value; `uri` is undefined for a prefix that is bound to nothing. */
function resolveName(name: string, position: XmlPosition): { uri: string | undefined; local: string } {
  const trimmed = trimSpace(name);
  const colon = trimmed.indexOf(':');
  if (colon < 0) return { uri: '', local: trimmed };
  return { uri: position.resolve(trimmed.slice(0, colon)), local: trimmed.slice(colon + 1) };
}

/** Whether `xsi:type` says that a text is base64. */
export function saysBase64(type: string, position: XmlPosition): boolean {
  const { uri, local } = resolveName(type, position);
  return uri === XSD_NAMESPACE && local === 'base64Binary';
}

/** The local name of the API's type that `xsi:type` names, or undefined for any other. */
export function ourTypeName(type: string, position: XmlPosition): string | undefined {
  const { uri, local } = resolveName(type, position);
  return uri === '' || uri === MKTOWS_NAMESPACE ? local : undefined;
}

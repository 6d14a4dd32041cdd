import type { CompiledElement, CompiledType } from './compiled-type.ts';
import type { createReferences } from './references.ts';
import { readBase64Text, type Scalar } from './scalars.ts';
import type { createUnreadableNotes } from './unreadable.ts';
import { trimSpace } from './xml-text.ts';

/** A message while it is read, by the names of the schema. */
export type Fields = Record<string, unknown>;

/** A message of that type of which nothing was read yet. */
export function createMessage(type: CompiledType): Fields {
  const message: Fields = type.discriminated ? { $type: type.name } : {};
  for (const name of type.arrays) message[name] = [];
  return message;
}

export type FieldWriter = ReturnType<typeof createFieldWriter>;

/** Reads the texts of elements, notes what is unreadable, and puts values into the messages that they stand in. */
export function createFieldWriter(
  references: ReturnType<typeof createReferences>,
  unreadable: ReturnType<typeof createUnreadableNotes>,
) {
  function readBase64(sent: string, into: Fields, element: CompiledElement | undefined): string | undefined {
    const trimmed = trimSpace(sent);
    const value = readBase64Text(trimmed);
    if (value === undefined && element !== undefined) {
      unreadable.note(into, element.name, trimmed, 'base64 of text, as its xsi:type says');
    }
    return value;
  }

  function read(sent: string, scalar: Scalar, into: Fields, element: CompiledElement | undefined): unknown {
    if (scalar.verbatim) return sent;
    const text = trimSpace(sent);
    if (text === '') return undefined;
    const value = scalar.read(text);
    if (value === undefined && element !== undefined) {
      unreadable.note(into, element.name, text, scalar.expected);
    }
    return value;
  }

  /** Two sendings of one list, as one. A list that may stand elsewhere too is not changed. */
  function joined(items: string, earlier: Fields, later: Fields): Fields {
    let list = earlier;
    if (references.isShared(earlier)) {
      list = { [items]: [...(earlier[items] as unknown[])] };
      unreadable.copy(earlier, list);
    }
    const all = list[items] as unknown[];
    for (const item of later[items] as unknown[]) all.push(item);
    unreadable.copy(later, list);
    return list;
  }

  function put(into: Fields, element: CompiledElement, value: unknown): void {
    const { name, content } = element;
    if (element.many) {
      (into[name] as unknown[]).push(value);
      return;
    }
    if (content.kind === 'type' && content.item !== undefined && value !== null) {
      const earlier = into[name] as Fields | null | undefined;
      if (earlier) {
        into[name] = joined(content.item.name, earlier, value as Fields);
        return;
      }
    }
    into[name] = value;
  }

  function putText(into: Fields, element: CompiledElement, scalar: Scalar, text = ''): void {
    const value = read(text, scalar, into, element);
    if (value !== undefined) put(into, element, value);
  }

  /** Puts the texts of these elements, from the second on, into their message. Answers how many there are. */
  function putTexts(
    into: Fields,
    elements: readonly CompiledElement[],
    texts: readonly (string | undefined)[],
  ): number {
    let count = 0;
    for (let index = 0; index < elements.length; index++) {
      const element = elements[index];
      const text = texts[index + 1];
      if (element === undefined || text === undefined || element.content.kind === 'type') continue;
      putText(into, element, element.content, text);
      count++;
    }
    return count;
  }

  return { read, readBase64, put, putText, putTexts };
}

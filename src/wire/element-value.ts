import type { CompiledElement } from './compiled-type.ts';
import type { FieldWriter } from './field-writer.ts';
import type { Frame } from './frame.ts';
import { createMessage } from './message-fields.ts';
import { PendingReference } from './pending-reference.ts';
import type { UnreadableNotes } from './unreadable.ts';
import { trimSpace } from './xml-text.ts';

/**
 * Returns the value of an element that ends; null if it is nil and may be, undefined if it counts as not sent. Notes
 * what is unreadable. `refuseContent` refuses an element with both `href` and a text.
 */
export function readElementValue(
  frame: Frame,
  fields: FieldWriter,
  unreadable: UnreadableNotes,
  refuseContent: (href: string) => never,
): unknown {
  const { declared, element, into, sent, skippedChild } = frame;
  if (sent.nil && element !== undefined) return nilValue(element, unreadable);
  if (sent.href !== undefined) {
    if (trimSpace(frame.text) !== '') refuseContent(sent.href);
    return frame.referred instanceof PendingReference ? frame.referred.placeholder() : frame.referred;
  }
  if (declared.kind === 'type') {
    const { item, extensions } = declared;
    if (extensions !== undefined && frame.message === undefined && element !== undefined) {
      const expected = `an xsi:type that names one of ${[...extensions.keys()].join(', ')}`;
      unreadable.note(into, element.name, sent.xsiType?.sent ?? '', expected);
    }
    if (skippedChild !== undefined && item !== undefined && element !== undefined) {
      const isEmpty = (frame.message?.[item.name] as unknown[] | undefined)?.length === 0;
      if (isEmpty) unreadable.noteList(into, element.name, `<${skippedChild}>`, `${item.name} elements`);
    }
    return frame.message;
  }
  if (skippedChild !== undefined && element !== undefined) {
    const expected = `text without elements in it, such as <${skippedChild}>`;
    unreadable.note(into, element.name, trimSpace(frame.text), expected);
    return undefined;
  }
  return frame.base64
    ? fields.readBase64(frame.text, into, element)
    : fields.read(frame.text, declared, into, element);
}

/** Returns the value of a nil element. A nil row is a message, so that it keeps its place and gets an answer. */
function nilValue(element: CompiledElement, unreadable: UnreadableNotes): unknown {
  if (!element.isRow) return element.nillable ? null : undefined;
  if (element.content.kind === 'scalar') return undefined;
  const row = createMessage(element.content);
  unreadable.note(row, element.name, 'nil', 'an object');
  return row;
}

import type { CompiledElement } from './compiled-type.ts';
import { createMessage, type Fields } from './message-fields.ts';

/** Stands in a message for what an `href` refers to until that is known. */
export class PendingReference {
  readonly href: string;
  readonly element: CompiledElement;
  /** The message that contains the reference. */
  readonly into: Fields;
  /** The value that it refers to; several for the items of an array, none for nil. Undefined until it is known. */
  values: readonly unknown[] | undefined;
  /** Elements of what it refers to. */
  elements = 1;

  constructor(href: string, element: CompiledElement, into: Fields) {
    this.href = href;
    this.element = element;
    this.into = into;
  }

  /** Returns the value to put into the message: for a list it is a list, so that others can be joined with it. */
  placeholder(): unknown {
    const { content, many } = this.element;
    if (many || content.kind === 'scalar' || content.item === undefined) return this;
    return { ...createMessage(content), [content.item.name]: [this] };
  }
}

/** Replaces the resolved references in a message, and in all messages inside it, by what they refer to. */
export function replaceReferences(message: Fields, copyNotes: (from: Fields, to: Fields) => void): void {
  const seen = new Set<unknown>();

  function replaceIn(fields: Fields): void {
    if (seen.has(fields)) return;
    seen.add(fields);
    for (const [name, value] of Object.entries(fields)) {
      if (value instanceof PendingReference) {
        const [known] = valuesOf(value);
        if (known === undefined) delete fields[name];
        else fields[name] = known;
      } else if (Array.isArray(value) && value.some((item) => item instanceof PendingReference)) {
        fields[name] = value.flatMap((item) =>
          item instanceof PendingReference ? itemsOf(item, fields) : [item],
        );
      }
      const now = fields[name];
      for (const part of Array.isArray(now) ? now : [now]) {
        if (typeof part === 'object' && part !== null && !ArrayBuffer.isView(part)) replaceIn(part as Fields);
      }
    }
  }

  /** Returns the list items that replace a reference among a list's items. */
  function itemsOf(reference: PendingReference, list: Fields): readonly unknown[] {
    const values = valuesOf(reference);
    const { content, many } = reference.element;
    if (many || content.kind === 'scalar' || content.item === undefined) return values;
    const { name } = content.item;
    return values.flatMap((value) => {
      replaceIn(value as Fields);
      copyNotes(value as Fields, list);
      return (value as Fields)[name] as unknown[];
    });
  }

  replaceIn(message);
}

/** Returns what a resolved reference refers to, through further references. */
const valuesOf = (reference: PendingReference): readonly unknown[] =>
  (reference.values ?? []).flatMap((value) =>
    value instanceof PendingReference ? valuesOf(value) : [value],
  );

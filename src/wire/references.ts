import type { CompiledType } from './compiled-type.ts';
import type { Scalar } from './scalars.ts';
import type { XmlPosition } from './xml-reader.ts';

/** What an `id` stands for. */
export interface Referent {
  readonly content: CompiledType | Scalar;
  readonly value: unknown;
  /** Elements that it consists of, those of its own references among them. */
  readonly elements: number;
}

/**
 * The `id` and `href` attributes by which PHP sends an object a second time (docs/wire.md#references). Only what has
 * ended can be referred to, so there are no cycles; and a reference counts as all elements that it stands for, so
 * there is no blow-up either.
 */
export function createReferences(position: XmlPosition) {
  const referents = new Map<string, Referent>();
  const shared = new Set<unknown>();

  return {
    /** Makes a value available under the id, which must be a new one. */
    define(id: string, referent: Referent): void {
      if (referents.has(id)) throw position.fault(`The id "${id}" occurs twice`);
      referents.set(id, referent);
      shared.add(referent.value);
    },
    /** What `href` refers to. `isOpen` tells whether an element of that id is still open. */
    find(href: string, content: CompiledType | Scalar, isOpen: (id: string) => boolean): unknown {
      const id = href.startsWith('#') ? href.slice(1) : undefined;
      const referent = id === undefined ? undefined : referents.get(id);
      if (referent === undefined) {
        const encloses = id !== undefined && isOpen(id);
        throw position.fault(
          encloses
            ? `href="${href}" refers to an element that encloses it`
            : `href="${href}" refers to nothing that stands before it`,
        );
      }
      if (referent.content !== content) {
        throw position.fault(`href="${href}" refers to an element of another type`);
      }
      position.count(referent.elements - 1);
      return referent.value;
    },
    /** Whether a value may stand in the message more than once, and so must not be changed. */
    isShared: (value: unknown): boolean => shared.has(value),
  };
}

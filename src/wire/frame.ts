import type { CompiledElement, CompiledType } from './compiled-type.ts';
import { type ElementAttributes, noElementAttributes } from './element-attributes.ts';
import type { Fields } from './message-fields.ts';
import type { Scalar } from './scalars.ts';

/** Stands for the message around the outermost element, which has none. */
export const noMessage: Fields = Object.freeze({});

/** An open element of a message. The reader has one frame per depth, and reuses it. */
export class Frame {
  sent: ElementAttributes = noElementAttributes;
  /** Undefined for the outermost element. */
  element: CompiledElement | undefined;
  /** The declared type of the element. */
  declared: CompiledType | Scalar;
  /** The message that the element's value goes into. */
  into: Fields = noMessage;
  /** The type whose elements are read inside this one; undefined if none are. */
  type: CompiledType | undefined;
  /** The element's own message, if `type` is set. */
  message: Fields | undefined;
  /** The item of a list whose fields were sent directly inside the list (docs/wire.md#lists). */
  item: Fields | undefined;
  /** The last child that is an element of `type`. */
  last: CompiledElement | undefined;
  text = '';
  /** The pieces of the text if there are several, joined when the element ends. */
  pieces: string[] | undefined;
  base64 = false;
  /** The value that `href` refers to. */
  referred: unknown;
  /** For an array of SOAP encoding: what each child is read as, and the message that the children go into. */
  items: CompiledElement | undefined;
  itemsInto: Fields = noMessage;
  /** The local name of the first child that was skipped. */
  skippedChild: string | undefined;
  /** `References.pendingCount` when the element began. */
  firstPending = 0;
  /** The document's element count when the element began, this one included. */
  firstElement = 0;

  constructor(declared: CompiledType | Scalar) {
    this.declared = declared;
  }

  /** Begins an element; whatever the frame held of an earlier one is dropped. */
  begin(
    element: CompiledElement | undefined,
    declared: CompiledType | Scalar,
    into: Fields,
    sent: ElementAttributes,
  ): void {
    this.element = element;
    this.declared = declared;
    this.into = into;
    this.sent = sent;
    this.type = undefined;
    this.message = undefined;
    this.item = undefined;
    this.last = undefined;
    this.text = '';
    this.pieces = undefined;
    this.base64 = false;
    this.items = undefined;
    this.skippedChild = undefined;
  }

  addText(text: string): void {
    if (this.text === '') this.text = text;
    else if (this.pieces === undefined) this.pieces = [this.text, text];
    else this.pieces.push(text);
  }

  /** Joins the pieces of the text. */
  endText(): void {
    if (this.pieces !== undefined) this.text = this.pieces.join('');
  }
}

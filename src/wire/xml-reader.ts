import { SoapFault } from '../contract/faults.ts';
import type { WireCaps } from './caps.ts';
import type { XmlAttribute } from './xml-attributes.ts';
import type { ElementPattern, Expectation, ExpectedElement, MatchedTexts } from './xml-expectation.ts';
import { createPlaces } from './xml-places.ts';
import { createXmlScanner } from './xml-scanner.ts';

export type { ElementPattern, ExpectedElement, MatchedTexts, XmlAttribute };

/** Receives the parts of a document in order, without comments and processing instructions. */
export interface XmlEvents {
  /** A start tag; `uri` is the element's namespace, '' for none. `expected` is set if the prediction was right. */
  open(local: string, uri: string, attributes: readonly XmlAttribute[], expected?: ExpectedElement): void;
  /**
   * The whole expected element, matched by its pattern. Returns how many elements it consists of, or 0 to get it as
   * single events instead.
   */
  matched?(expected: ExpectedElement, pattern: ElementPattern, uri: string, texts: MatchedTexts): number;
  /** A piece of an element's text, references resolved. A text may come in several pieces. */
  text(text: string): void;
  /** The end tag of the innermost open element. */
  close(): void;
}

/** The state of the reader, for whoever handles its events. */
export interface XmlPosition {
  /** Returns the namespace that a prefix is bound to in the element being opened. */
  resolve(prefix: string): string | undefined;
  /** Set this to speed up reading of the predicted element. */
  readonly expectation: Expectation;
  /** Returns the number of elements so far. */
  elements(): number;
  /** Counts elements that a reference stands for. Throws `SoapFault` 20012 beyond the cap. */
  count(elements: number): void;
  /** Checks the length of a document's text, including that which is not written out but referred to. */
  checkText(length: number): void;
  /** Returns a fault 20012 that names line and column. */
  fault(what: string): SoapFault;
  /** Stops reading behind this event, if the reader was told to (`readTo`). */
  stop(): void;
}

/** Reads one document. Every method throws `SoapFault` 20012, after which the reader must not be used. */
export interface XmlReader {
  write(text: string): void;
  /**
   * From now on reads only until an event stops it, or this many characters have been read; further text waits until
   * `resume`.
   */
  readTo(most: number): void;
  /** Returns whether an event has stopped the reader. */
  isStopped(): boolean;
  /** Reads on after `readTo`; otherwise does nothing. */
  resume(): void;
  /** Reads on to the end of the document. */
  end(): void;
  /** Refuses the document as malformed at the end of what was written. */
  malformed(what: string): never;
}

/** Returns whether the next UTF-16 unit may belong to this one: in `\r\n`, or in a surrogate pair. */
const isHalf = (unit: number) => unit === 0x0d || (unit >= 0xd800 && unit <= 0xdbff);

/**
 * Reads XML 1.0 with namespaces, whatever version the document declares. Refuses malformed documents and any DOCTYPE
 * (so there are only the five predefined entities), and enforces the caps on depth, elements, attributes and text.
 * Takes time proportional to the document's length, however it is cut.
 */
export function createXmlReader(caps: WireCaps, eventsAt: (position: XmlPosition) => XmlEvents): XmlReader {
  /** Length of the text directly inside each open element, by depth. */
  const textLengths: number[] = [0];
  const places = createPlaces();
  const expectation: Expectation = { next: undefined };
  let depth = 0;
  let elements = 0;
  let begun = false;
  /** The text not read yet, and its length when it was last tried. */
  let rest = '';
  let tried = 0;
  /** The number of characters still to be read before `resume`. */
  let most = Number.POSITIVE_INFINITY;
  let isStopped = false;

  const fault = (what: string) => new SoapFault(20012, `${what} (${places.describe(scanner.place())})`);
  function malformedAt(what: string, index: number): never {
    throw new SoapFault(20012, `Not well-formed XML at ${places.describe(index)}: ${what}`, {
      form: 'malformed',
    });
  }
  function tooLong(what: 'attribute' | 'text'): never {
    const which =
      what === 'text' ? 'The text of one element is' : "The values of one element's attributes are";
    throw fault(`${which} longer than ${caps.maxTextLength} characters`);
  }
  /** Refuses more elements than the cap. */
  function checkElements(count: number): void {
    if (count > caps.maxElements) throw fault(`There are more than ${caps.maxElements} elements`);
  }

  const events = eventsAt({
    resolve: (prefix) => scanner.resolve(prefix),
    expectation,
    elements: () => elements,
    count(more) {
      elements += more;
      checkElements(elements);
    },
    checkText(length) {
      if (length <= caps.maxBytes) return;
      throw fault(`With what its references stand for, the text is longer than ${caps.maxBytes} characters`);
    },
    fault,
    stop() {
      if (most === Number.POSITIVE_INFINITY) return;
      isStopped = true;
      scanner.stop();
    },
  });

  const scanner = createXmlScanner(expectation, {
    longestText: caps.maxTextLength,
    tooLong,
    element(inside) {
      if (inside >= caps.maxDepth) throw fault(`Elements are nested deeper than ${caps.maxDepth}`);
      checkElements(elements + 1);
    },
    attribute(count) {
      if (count > caps.maxAttributes) {
        throw fault(`An element has more than ${caps.maxAttributes} attributes`);
      }
    },
    open(local, uri, attributes, expected) {
      depth++;
      elements++;
      textLengths[depth] = 0;
      events.open(local, uri, attributes, expected);
    },
    matched(expected, pattern, uri, texts) {
      // By the pattern's maximum: an element that may exceed a cap is read and counted as single events.
      if (depth + pattern.depth > caps.maxDepth || elements + pattern.elements > caps.maxElements)
        return false;
      if (texts[0] !== undefined && texts[0].length > caps.maxTextLength) return false;
      const count = events.matched?.(expected, pattern, uri, texts) ?? 0;
      elements += count;
      return count > 0;
    },
    text(text) {
      const length = (textLengths[depth] ?? 0) + text.length;
      if (length > caps.maxTextLength) tooLong('text');
      textLengths[depth] = length;
      events.text(text);
    },
    close() {
      depth--;
      events.close();
    },
    doctype() {
      throw fault('A DOCTYPE is not accepted; SOAP forbids it');
    },
    malformed: malformedAt,
  });

  function scan(final: boolean): void {
    const half = !final && isHalf(rest.charCodeAt(rest.length - 1));
    const text = half ? rest.slice(0, -1) : rest;
    places.setText(text);
    const read = scanner.scan(text, final, final ? undefined : most);
    if (final) return;
    most -= read;
    places.advance(read);
    rest = rest.slice(read);
    tried = rest.length;
  }

  function resume(): void {
    if (most === Number.POSITIVE_INFINITY) return;
    isStopped = false;
    most = Number.POSITIVE_INFINITY;
    if (rest !== '') scan(false);
  }

  return {
    readTo(length) {
      most = length;
    },
    isStopped: () => isStopped,
    resume,
    write(text) {
      if (text === '') return;
      if (!begun && text.charCodeAt(0) === 0xfeff) {
        places.setText(text);
        malformedAt('there is a second byte order mark', 0);
      }
      begun = true;
      // Concatenation would make a rope, which the scanner would have to flatten.
      rest = rest === '' ? text : rest + text;
      // A part that was cut off is read again from its start: only when the text has doubled, so that time stays linear.
      if (!isStopped && most > 0 && rest.length >= 2 * tried) scan(false);
    },
    end() {
      isStopped = false;
      scan(true);
    },
    malformed(what) {
      scan(false);
      places.setText(rest);
      malformedAt(what, rest.length - 1);
    },
  };
}

import { SoapFault } from '../contract/faults.ts';
import type { WireCaps } from './caps.ts';
import type { XmlAttribute } from './xml-attributes.ts';
import type { ElementPattern, Expectation, ExpectedElement, MatchedTexts } from './xml-expectation.ts';
import { createPlaces } from './xml-places.ts';
import { createXmlScanner } from './xml-scanner.ts';

export type { ElementPattern, ExpectedElement, MatchedTexts, XmlAttribute };

/** What a document consists of, in order. Comments and processing instructions are left out. */
export interface XmlEvents {
  /** An element begins; `uri` is its namespace, '' for none; `expected` if it is the one. */
  open(local: string, uri: string, attributes: readonly XmlAttribute[], expected?: ExpectedElement): void;
  /**
   * The expected element, all of it, as a pattern of it matched. Answers how many elements these are; 0 asks for them
   * in single events.
   */
  matched?(expected: ExpectedElement, pattern: ElementPattern, uri: string, texts: MatchedTexts): number;
  /** A piece of an element's text, references resolved. One text may come in several pieces. */
  text(text: string): void;
  /** The innermost open element ends. */
  close(): void;
}

/** What may be asked while an event is handled. */
export interface XmlPosition {
  /** The namespace that a prefix stands for in the element that is just being opened. */
  resolve(prefix: string): string | undefined;
  /** May be told what begins next, most likely, which is then read faster. */
  readonly expectation: Expectation;
  /** Elements up to here. */
  elements(): number;
  /** Counts elements that are not written out but referred to. */
  count(elements: number): void;
  /** A fault 20012 that names this place. */
  fault(what: string): SoapFault;
}

/** Reads one document. Every method throws `SoapFault` 20012, after which the reader is spent. */
export interface XmlReader {
  write(text: string): void;
  end(): void;
  /** Refuses the document here, as malformed. */
  malformed(what: string): never;
}

/** Whether the unit is half of what counts as one: of a line end, or of a character beyond the first plane. */
const isHalf = (unit: number) => unit === 0x0d || (unit >= 0xd800 && unit <= 0xdbff);

/**
 * A reader of XML 1.0 with namespaces, whatever version the document claims. It refuses what is not well-formed
 * and any DOCTYPE, so there are no entities but the five of XML, and holds the caps on depth, elements, attributes
 * and text. However the document is cut, the time it takes is proportional to its length.
 */
export function createXmlReader(caps: WireCaps, eventsAt: (position: XmlPosition) => XmlEvents): XmlReader {
  /** Of each open element, by depth. */
  const textLengths: number[] = [0];
  const places = createPlaces();
  const expectation: Expectation = { next: undefined };
  let depth = 0;
  let elements = 0;
  let begun = false;
  /** What was not read yet, and how much of it there was when it was last tried. */
  let rest = '';
  let tried = 0;

  const fault = (what: string) => new SoapFault(20012, `${what} (${places.at(scanner.place())})`);
  function malformedAt(what: string, index: number): never {
    throw new SoapFault(20012, `Not well-formed XML at ${places.at(index)}: ${what}`, { form: 'malformed' });
  }
  function tooLong(what: 'attribute' | 'text'): never {
    const which =
      what === 'text' ? 'The text of one element is' : "The values of one element's attributes are";
    throw fault(`${which} longer than ${caps.maxTextLength} characters`);
  }
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
    fault,
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
      // As many as it may be at most: close to the caps it is counted one by one.
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
    places.look(text);
    const read = scanner.scan(text, final);
    if (final) return;
    places.pass(read);
    rest = rest.slice(read);
    tried = rest.length;
  }

  return {
    write(text) {
      if (text === '') return;
      if (!begun && text.charCodeAt(0) === 0xfeff) {
        places.look(text);
        malformedAt('there is a second byte order mark', 0);
      }
      begun = true;
      // Joining with nothing would make a rope of it, to be made flat again.
      rest = rest === '' ? text : rest + text;
      // What is cut off is read again from its start, so not before there is twice as much of it.
      if (rest.length >= 2 * tried) scan(false);
    },
    end() {
      scan(true);
    },
    malformed(what) {
      scan(false);
      places.look(rest);
      malformedAt(what, rest.length - 1);
    },
  };
}

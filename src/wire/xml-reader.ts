import { type SaxesAttributeNS, SaxesParser, type SaxesTagNS } from 'saxes';
import { SoapFault } from '../contract/faults.ts';
import type { WireCaps } from './caps.ts';
import { loneAmpersand, type Place, placeOfLoneAmpersand, wordingOf } from './malformed.ts';

/** An attribute; `uri` is its namespace, '' for none. Namespace declarations are among them. */
export interface XmlAttribute {
  readonly local: string;
  readonly uri: string;
  readonly value: string;
}

/** What a document consists of, in order. Comments and processing instructions are left out. */
export interface XmlEvents {
  /** An element begins; `uri` is its namespace, '' for none. */
  open(local: string, uri: string, attributes: readonly XmlAttribute[]): void;
  /** A piece of an element's text, references resolved. One text may come in several pieces. */
  text(text: string): void;
  /** The innermost open element ends. */
  close(): void;
}

/** What may be asked while an event is handled. */
export interface XmlPosition {
  /** The namespace that a prefix stands for in the element that is just being opened. */
  resolve(prefix: string): string | undefined;
  /** Elements up to here. */
  readonly elements: number;
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

const noAttributes: readonly XmlAttribute[] = [];

/** Whether a character that may stand inside a name may not begin one (XML 1.0, productions 4 and 4a). */
function cannotBeginName(code: number): boolean {
  return (
    (code >= 0x30 && code <= 0x39) ||
    code === 0x2d ||
    code === 0x2e ||
    code === 0xb7 ||
    (code >= 0x300 && code <= 0x36f) ||
    code === 0x203f ||
    code === 0x2040
  );
}

/**
 * A reader of XML 1.0 with namespaces, whatever version the document claims. It refuses what is not well-formed
 * and any DOCTYPE, so there are no entities but the five of XML, and holds the caps on depth, elements, attributes
 * and text. The parser behind it is an implementation detail.
 */
export function createXmlReader(caps: WireCaps, eventsAt: (position: XmlPosition) => XmlEvents): XmlReader {
  const parser = new SaxesParser({
    xmlns: true,
    position: false,
    forceXMLVersion: true,
    defaultXMLVersion: '1.0',
  });
  const textLengths = new Array<number>(caps.maxDepth + 1).fill(0);
  let depth = 0;
  let elements = 0;
  let attributes = 0;
  let chunks = 0;
  let firstChunk = '';
  let closing = '';

  const where = (place: Place) => `line ${place.line}, column ${Math.max(1, place.column)}`;
  const fault = (what: string) => new SoapFault(20012, `${what} (${where(parser)})`);
  function malformed(what: string, place: Place = parser): never {
    throw new SoapFault(20012, `Not well-formed XML at ${where(place)}: ${what}`, { form: 'malformed' });
  }

  const count = (more: number) => {
    elements += more;
    if (elements > caps.maxElements) throw fault(`There are more than ${caps.maxElements} elements`);
  };
  const events = eventsAt({
    resolve: (prefix) => parser.resolve(prefix),
    get elements() {
      return elements;
    },
    count,
    fault,
  });

  function checkLocal(name: { prefix: string; local: string }) {
    if (name.prefix !== '' && cannotBeginName(name.local.charCodeAt(0))) {
      malformed(`malformed name: ${name.prefix}:${name.local}`);
    }
  }

  function onText(text: string) {
    if (depth === 0) return;
    const length = (textLengths[depth] ?? 0) + text.length;
    if (length > caps.maxTextLength) {
      throw fault(`The text of one element is longer than ${caps.maxTextLength} characters`);
    }
    textLengths[depth] = length;
    events.text(text);
  }

  parser.on('error', (error) => {
    const lone = chunks === 1 ? placeOfLoneAmpersand(firstChunk, parser.position) : undefined;
    if (lone !== undefined) malformed(loneAmpersand, lone);
    malformed(
      error.message === 'unexpected close tag.' ? `</${closing}> expected` : wordingOf(error.message),
    );
  });
  parser.on('doctype', () => {
    throw fault('A DOCTYPE is not accepted; SOAP forbids it');
  });
  // The cap on depth stands here and not at "opentag", because between the two the parser resolves namespaces,
  // which takes time proportional to the depth.
  parser.on('opentagstart', () => {
    if (++depth > caps.maxDepth) throw fault(`Elements are nested deeper than ${caps.maxDepth}`);
    textLengths[depth] = 0;
    attributes = 0;
    count(1);
  });
  parser.on('attribute', () => {
    if (++attributes > caps.maxAttributes) {
      throw fault(`An element has more than ${caps.maxAttributes} attributes`);
    }
  });
  parser.on('opentag', (tag: SaxesTagNS) => {
    checkLocal(tag);
    let list = noAttributes;
    if (attributes > 0) {
      const found: SaxesAttributeNS[] = Object.values(tag.attributes);
      for (const attribute of found) checkLocal(attribute);
      list = found;
    }
    events.open(tag.local, tag.uri, list);
  });
  parser.on('closetag', (tag) => {
    closing = tag.name;
    depth--;
    events.close();
  });
  parser.on('text', onText);
  parser.on('cdata', onText);

  return {
    write(text) {
      if (text === '') return;
      if (++chunks === 1) {
        firstChunk = text;
        if (text.charCodeAt(0) === 0xfeff) malformed('there is a second byte order mark');
      }
      parser.write(text);
    },
    end() {
      parser.close();
    },
    malformed: (what) => malformed(what),
  };
}

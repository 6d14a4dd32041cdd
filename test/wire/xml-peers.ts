import { SaxesParser } from 'saxes';
import { SoapFault } from '../../src/contract/faults.ts';
import { createXmlReader } from '../../src/wire/xml-reader.ts';

/** What a reader finds in a document, text in one piece; or that it refuses it. */
export type Reading = readonly string[] | 'refused' | 'unbound prefix';

const unbounded = {
  maxDepth: 1_000,
  maxElements: 1e9,
  maxAttributes: 1e9,
  maxTextLength: 1e9,
  maxBytes: 1e9,
};

interface Attribute {
  readonly local: string;
  readonly uri: string;
  readonly value: string;
}

function createRecord() {
  const events: string[] = [];
  let text = '';
  const flush = () => {
    if (text !== '') events.push(JSON.stringify(text));
    text = '';
  };
  return {
    open(local: string, uri: string, attributes: readonly Attribute[]) {
      flush();
      const written = attributes.map((each) => ` {${each.uri}}${each.local}=${JSON.stringify(each.value)}`);
      events.push(`<{${uri}}${local}${written.join('')}>`);
    },
    text(piece: string) {
      text += piece;
    },
    close() {
      flush();
      events.push('</>');
    },
    events,
  };
}

/** What our own reader says of a document that is given in these pieces. */
export function ourReading(pieces: readonly string[]): Reading {
  const record = createRecord();
  try {
    const reader = createXmlReader(unbounded, () => record);
    for (const piece of pieces) reader.write(piece);
    reader.end();
    return record.events;
  } catch (error) {
    if (error instanceof SoapFault) return 'refused';
    throw error;
  }
}

class Refused extends Error {}

/** Names that may not stand behind a colon, which saxes lets pass. */
const badLocal = /^(?:[-.0-9\u00b7\u203f\u2040]|[\u0300-\u036f])/;

/** What saxes says of a document, with our two conditions on top: no DOCTYPE, and no byte order mark. */
export function saxesReading(document: string): Reading {
  const record = createRecord();
  const parser = new SaxesParser({ xmlns: true, forceXMLVersion: true, defaultXMLVersion: '1.0' });
  let depth = 0;
  const refuse = (error?: Error): never => {
    throw new Refused(error?.message);
  };
  const checkName = ({ prefix, local }: { prefix: string; local: string }) => {
    if (prefix !== '' && badLocal.test(local)) refuse();
  };
  parser.on('error', refuse);
  parser.on('doctype', () => refuse());
  parser.on('opentag', (tag) => {
    const attributes = Object.values(tag.attributes);
    checkName(tag);
    for (const attribute of attributes) checkName(attribute);
    depth++;
    record.open(tag.local, tag.uri, attributes);
  });
  const text = (piece: string) => {
    if (depth > 0) record.text(piece);
  };
  parser.on('text', text);
  parser.on('cdata', text);
  parser.on('closetag', () => {
    depth--;
    record.close();
  });
  try {
    if (document.startsWith('\ufeff')) refuse();
    parser.write(document).close();
    return record.events;
  } catch (error) {
    if (error instanceof Refused)
      return error.message.includes('unbound namespace prefix') ? 'unbound prefix' : 'refused';
    throw error;
  }
}

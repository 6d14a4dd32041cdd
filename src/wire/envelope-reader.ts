import { SoapFault } from '../contract/faults.ts';
import type { UnreadableParts } from '../contract/messages.ts';
import type { CompiledType } from './compiled-type.ts';
import { createMessageReader } from './message-reader.ts';
import { SOAP_NAMESPACE, SOAP12_NAMESPACE } from './namespaces.ts';
import type { XmlAttribute, XmlEvents, XmlPosition } from './xml-reader.ts';
import { trimSpace } from './xml-text.ts';

const nextActor = 'http://schemas.xmlsoap.org/soap/actor/next';

/** The way to read an element in Header or Body: as a type, skip it, or (undefined) treat it as unknown. */
export type BlockReading = CompiledType | 'ignored' | undefined;

/** Tells how to read the elements in Header and Body. */
export interface EnvelopeInterest {
  header(local: string, uri: string): BlockReading;
  /** Called for each child of Body until one is not `ignored`, which is the envelope's message. */
  body(local: string, uri: string): BlockReading;
}

/** The state of an envelope that is being read. */
export interface EnvelopeBeginning {
  /** Header has ended, or Body has begun without one: `headers` will not change any more. */
  readonly hasHeaders: boolean;
  readonly headers: Envelope['headers'];
  /** The name of the message, once it has begun. */
  readonly body: Pick<Envelope['body'], 'local' | 'uri'> | undefined;
}

/** An envelope that was read. */
export interface Envelope {
  /** Header blocks that were read, by local name; the last of each name. */
  readonly headers: ReadonlyMap<string, object>;
  /** The first child of Body that is not ignored; `message` is undefined if it is unknown. */
  readonly body: { readonly local: string; readonly uri: string; readonly message: object | undefined };
  readonly unreadable: UnreadableParts;
}

/**
 * Reads a SOAP 1.1 envelope and the messages in it. Header counts only before Body, and of Body only the first child
 * that is not ignored. Throws `SoapFault` 20012: of form VersionMismatch for another version's envelope, MustUnderstand
 * for an unknown header that must be understood, and without a form for no envelope or an empty Body.
 */
export function createEnvelopeReader(position: XmlPosition, interest: EnvelopeInterest) {
  const messages = createMessageReader(position);
  const headers = new Map<string, object>();
  let body: { local: string; uri: string; message: object | undefined } | undefined;
  let hasHeaders = false;
  let seen: 'nothing' | 'header' | 'body' = 'nothing';
  let place: 'document' | 'envelope' | 'header' | 'body' | 'message' | 'skipped' = 'document';
  let around: 'envelope' | 'header' | 'body' = 'envelope';
  /** Open elements inside the message or skipped element, itself included. */
  let depth = 0;
  let blockName = '';

  function openRoot(local: string, uri: string): void {
    if (local !== 'Envelope') {
      throw position.fault(`The root element is "${local}", not an Envelope of SOAP 1.1`);
    }
    if (uri !== SOAP_NAMESPACE) {
      const what =
        uri === SOAP12_NAMESPACE ? 'This is SOAP 1.2' : `The Envelope is in the namespace "${uri}"`;
      throw new SoapFault(20012, `${what}; only SOAP 1.1 is spoken here, namespace "${SOAP_NAMESPACE}"`, {
        form: 'VersionMismatch',
      });
    }
    place = 'envelope';
  }

  function refuseUnknownHeader(local: string, uri: string, attributes: readonly XmlAttribute[]): void {
    const inSoap = (name: string) =>
      attributes.find((attribute) => attribute.local === name && attribute.uri === SOAP_NAMESPACE)?.value;
    const actor = trimSpace(inSoap('actor') ?? '');
    if (trimSpace(inSoap('mustUnderstand') ?? '') !== '1' || (actor !== '' && actor !== nextActor)) return;
    throw new SoapFault(20012, `The header {${uri}}${local} must be understood, and is not known here`, {
      form: 'MustUnderstand',
    });
  }

  function enter(reading: BlockReading, attributes: readonly XmlAttribute[], from: typeof around): void {
    around = from;
    depth = 1;
    if (reading === undefined || reading === 'ignored') {
      place = 'skipped';
    } else {
      place = 'message';
      messages.begin(reading, attributes, from === 'body');
    }
  }

  function openPart(local: string, uri: string, attributes: readonly XmlAttribute[]): void {
    if (uri === SOAP_NAMESPACE && local === 'Header' && seen === 'nothing') {
      seen = place = 'header';
    } else if (uri === SOAP_NAMESPACE && local === 'Body' && seen !== 'body') {
      seen = place = 'body';
      hasHeaders = true;
    } else {
      enter('ignored', attributes, 'envelope');
    }
  }

  const events: XmlEvents = {
    open(local, uri, attributes, expected) {
      switch (place) {
        case 'message':
          depth++;
          messages.open(local, uri, attributes, expected);
          break;
        case 'skipped':
          depth++;
          if (around === 'body') messages.others.open(local, uri, attributes);
          break;
        case 'document':
          openRoot(local, uri);
          break;
        case 'envelope':
          openPart(local, uri, attributes);
          break;
        case 'header': {
          const reading = interest.header(local, uri);
          if (reading === undefined) refuseUnknownHeader(local, uri, attributes);
          blockName = local;
          enter(reading, attributes, 'header');
          break;
        }
        case 'body': {
          const reading = body === undefined ? interest.body(local, uri) : 'ignored';
          if (reading !== 'ignored') {
            body = { local, uri, message: undefined };
            position.stop();
          }
          enter(reading, attributes, 'body');
          if (reading === undefined || reading === 'ignored') messages.others.open(local, uri, attributes);
          break;
        }
      }
    },
    matched: (expected, pattern, uri, texts) =>
      place === 'message' ? messages.matched(expected, pattern, uri, texts) : 0,
    text(text) {
      if (place === 'message') messages.text(text);
      else if (place === 'skipped' && around === 'body') messages.others.text(text);
    },
    close() {
      if (place === 'message') {
        const message = messages.close();
        if (--depth > 0 || message === undefined) return;
        if (around === 'header') headers.set(blockName, message);
        else if (body !== undefined) body.message = message;
        place = around;
      } else if (place === 'skipped') {
        if (around === 'body') messages.others.close();
        if (--depth === 0) place = around;
      } else {
        if (place === 'header') hasHeaders = true;
        if (place === 'body' && body?.message !== undefined) messages.settle(body.message);
        place = place === 'envelope' ? 'document' : 'envelope';
      }
    },
  };

  return {
    events,
    /** Returns what has been read so far. */
    beginning: (): EnvelopeBeginning => ({ hasHeaders, headers, body }),
    /** Returns the envelope, after the end of the document. */
    envelope(): Envelope {
      if (body === undefined) {
        const what = seen === 'body' ? 'Body is empty' : 'The Envelope has no Body of SOAP 1.1';
        throw new SoapFault(20012, `${what}; an operation's request element is expected in it`);
      }
      return { headers, body, unreadable: messages.unreadable() };
    },
  };
}

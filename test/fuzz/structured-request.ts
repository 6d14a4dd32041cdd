import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import {
  type OperationName,
  operationNames,
  requestElement,
  requestType,
} from '../../src/contract/operations.ts';
import { operationTable } from '../../src/operations/table.ts';
import { sign } from '../../src/wire/signature.ts';
import { user } from '../server/test-server.ts';
import type { Chance } from './chance.ts';
import { escaped, hostileText } from './hostile-text.ts';
import { messageText } from './message-text.ts';
import type { Positions } from './positions.ts';
import { twisted } from './twisted-element.ts';

/** A request as it goes out. */
export interface FuzzRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface Circumstances {
  readonly chance: Chance;
  readonly positions: Positions;
}

/** As often as they are to come: those that write more often than those that read. */
const frequent: readonly OperationName[] = [
  ...(Object.keys(operationTable) as OperationName[]),
  ...(['syncMObjects', 'syncMObjects', 'syncMObjects', 'syncMObjects', 'syncMObjects'] as const),
  ...(['getMObjects', 'getMObjects', 'deleteMObjects'] as const),
  ...(['syncLead', 'syncLead', 'syncMultipleLeads', 'syncCustomObjects'] as const),
];
const NAMESPACES =
  'xmlns:m="http://www.marketo.com/mktows/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"' +
  ' xmlns:xsd="http://www.w3.org/2001/XMLSchema"';
const SOAP = 'http://schemas.xmlsoap.org/soap/envelope/';

/** A request made from the contract: about every third one as a well-meaning client would send it. */
export function structuredRequest({ chance, positions }: Circumstances): FuzzRequest {
  const twist = chance.oneOf([0, 0, 0.01, 0.05, 0.2]);
  const operation = chance.oneOf(chance.happens(0.9) ? frequent : operationNames);
  const content = messageText(requestType(operation), { chance, twist, positions });
  const name = `m:${requestElement(operation)}`;
  const body = twisted(name, content, chance, twist / 4);
  return encoded(envelopeText(body, headerText(chance, twist), chance, twist), chance, twist);
}

/** The signed header of the tests' user. */
function headerText(chance: Chance, twist: number): string {
  const off = chance.happens(twist) ? chance.oneOf([-61, 11, -1e9, 1e6]) * 60_000 : 0;
  const timestamp = new Date(Math.max(0, Date.now() + off)).toISOString();
  const parts: [string, string][] = [
    ['mktowsUserId', user.userId],
    ['requestSignature', sign(chance.happens(twist / 4) ? 'wrong' : user.secret, user.userId, timestamp)],
    ['requestTimestamp', timestamp],
  ];
  // The header decides whether the rest is looked at, so it is left alone more often.
  const content = parts.map(([name, text]) => twisted(name, text, chance, twist / 4)).join('');
  return twisted('m:AuthenticationHeader', content, chance, twist / 8);
}

function envelopeText(body: string, header: string, chance: Chance, twist: number): string {
  const odd = () => chance.happens(twist / 8);
  const soap = odd() ? chance.oneOf(['http://www.w3.org/2003/05/soap-envelope', 'urn:x', '']) : SOAP;
  const extra = odd()
    ? chance.oneOf([
        '<x:y xmlns:x="urn:x" S:mustUnderstand="1"/>',
        '<x:y xmlns:x="urn:x" S:mustUnderstand="0"/>',
        '<m:MktowsContextHeader><targetWorkspace>w</targetWorkspace></m:MktowsContextHeader>',
        '<m:MktowsContextHeader><targetWorkspace>Europe</targetWorkspace></m:MktowsContextHeader>',
        header,
      ])
    : '';
  const headers = odd() ? header : `<S:Header>${header}${extra}</S:Header>`;
  const bodies = `<S:Body>${body}</S:Body>`.repeat(odd() ? chance.number(3) : 1);
  const inside = odd() ? bodies + headers : headers + bodies;
  const declaration = chance.happens(0.5) ? '<?xml version="1.0" encoding="UTF-8"?>' : '';
  const prolog = odd()
    ? chance.oneOf(['<!DOCTYPE x>', '<?xml version="1.1"?>', ' ', '<!-- x -->', '\ufeff'])
    : declaration;
  const tail = odd()
    ? chance.oneOf([' ', '<x/>', 'x', '<!-- -->', '<?x?>', '\u0000', hostileText(chance)])
    : '';
  const defaults = odd() ? ` xmlns="${chance.oneOf(['urn:x', 'http://www.marketo.com/mktows/', ''])}"` : '';
  return `${prolog}<S:Envelope xmlns:S="${escaped(soap)}" ${NAMESPACES}${defaults}>${inside}</S:Envelope>${tail}`;
}

type Encode = (text: string) => Buffer;
const utf8: Encode = (text) => Buffer.from(text);

/** Encodings with the declaration of the text, with a byte order mark or the header that they need, or none. */
const encodings: readonly (readonly [charset: string, Encode])[] = [
  ['; charset=utf-8', utf8],
  ['', (text) => Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), utf8(text)])],
  ['; charset=utf-16le', (text) => Buffer.from(text, 'utf16le')],
  ['', (text) => Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')])],
  ['', (text) => Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(text, 'utf16le').swap16()])],
  ['', (text) => Buffer.from(text, 'utf16le')],
  ['; charset=iso-8859-1', (text) => Buffer.from(text, 'latin1')],
  ['; charset="windows-1252"', (text) => Buffer.from(text, 'latin1')],
  ['', (text) => Buffer.from(text.replace('UTF-8', 'ISO-8859-1'), 'latin1')],
  ['; charset=klingon', utf8],
  ['; charset=utf-16', utf8],
  ['; charset', utf8],
];

/** Bytes that no UTF-8 has, or that it has only with others. */
const strayBytes = ['c0af', 'eda080', 'f4908080', 'ff', 'fe', '80', 'e2', 'f09f98', '00', '1b', 'edb080'];

const contentCodings: readonly (readonly [string, (bytes: Buffer) => Buffer])[] = [
  ['gzip', (bytes) => gzipSync(bytes)],
  ['deflate', (bytes) => deflateSync(bytes)],
  ['deflate', (bytes) => deflateRawSync(bytes)],
  ['gzip', (bytes) => bytes],
  ['gzip', (bytes) => gzipSync(bytes).subarray(0, -9)],
  ['deflate, gzip', (bytes) => gzipSync(deflateSync(bytes))],
  ['gzip, gzip, gzip', (bytes) => gzipSync(gzipSync(gzipSync(bytes)))],
  ['gzip, deflate, gzip', (bytes) => gzipSync(deflateSync(gzipSync(bytes)).subarray(0, -5))],
  // Bombs, before the message and behind it.
  ['gzip, gzip', (bytes) => gzipSync(gzipSync(Buffer.concat([Buffer.alloc(2_000_000, ' '), bytes])))],
  ['gzip, gzip', (bytes) => gzipSync(gzipSync(Buffer.concat([bytes, Buffer.alloc(2_000_000, ' ')])))],
  ['gzip, gzip, gzip, gzip', (bytes) => bytes],
  ['br', (bytes) => bytes],
  ['identity', (bytes) => bytes],
];

/** The bytes of a text in one of many encodings, with the headers that say so, or others. */
export function encoded(text: string, chance: Chance, twist: number): FuzzRequest {
  const plain = !chance.happens(0.05 + twist / 4);
  const [charset, encode] = plain ? ['; charset=utf-8', utf8] : chance.oneOf(encodings);
  let body = encode(text);
  if (chance.happens(twist / 8)) {
    const at = chance.number(body.length + 1);
    const stray = Buffer.from(chance.oneOf(strayBytes), 'hex');
    body = Buffer.concat([body.subarray(0, at), stray, body.subarray(at)]);
  }
  const headers: Record<string, string> = {
    'content-type': `${chance.oneOf(['text/xml', 'text/xml', 'application/xml', 'application/soap+xml', 'x'])}${charset}`,
  };
  if (chance.happens(0.03 + twist / 8)) {
    const [name, code] = chance.oneOf(contentCodings);
    headers['content-encoding'] = name;
    body = code(body);
  }
  if (chance.happens(0.2)) headers['accept-encoding'] = chance.oneOf(['gzip', 'gzip;q=0', '*', 'br, gzip']);
  if (chance.happens(0.2))
    headers.soapaction = chance.oneOf(['""', '', 'x', '"http://www.marketo.com/mktows/x"']);
  const version = chance.happens(0.9)
    ? chance.oneOf(['2_7', '2_7', '3_1'])
    : chance.oneOf(['1_0', '2_7/', '0_0', '999999999_0']);
  return { path: `/soap/mktows/${version}`, headers, body };
}

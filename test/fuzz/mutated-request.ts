import { gunzipSync, inflateSync } from 'node:zlib';
import { sign } from '../../src/wire/signature.ts';
import { user } from '../server/test-server.ts';
import { readRecorded, recordedNames } from '../wire/recorded.ts';
import type { Chance } from './chance.ts';
import { hostileText } from './hostile-text.ts';
import { type Circumstances, encoded, type FuzzRequest } from './structured-request.ts';

/** The recorded requests without their Content-Encoding. */
const recorded = recordedNames.map((name) => {
  const { headers, body } = readRecorded(name);
  const plain = body[0] === 0x1f ? gunzipSync(body) : body[0] === 0x78 ? inflateSync(body) : body;
  return { contentType: headers['content-type'] ?? 'text/xml', text: plain.toString('latin1') };
});

/** A change of the bytes; they are a string of characters up to U+00FF. */
type Mutation = (text: string, chance: Chance) => string;

const splice = (text: string, at: number, removed: number, added: string) =>
  text.slice(0, at) + added + text.slice(at + removed);
const anywhere = (text: string, chance: Chance) => chance.number(text.length + 1);
const bytesOf = (text: string) => Buffer.from(text).toString('latin1');

const mutations: readonly Mutation[] = [
  (text, chance) => splice(text, anywhere(text, chance), 1, String.fromCharCode(chance.number(256))),
  (text, chance) => {
    const at = anywhere(text, chance);
    return splice(text, at, 1, String.fromCharCode((text.charCodeAt(at) || 0) ^ (1 << chance.number(8))));
  },
  (text, chance) => splice(text, anywhere(text, chance), chance.few(60), ''),
  (text, chance) => splice(text, anywhere(text, chance), 0, bytesOf(hostileText(chance))),
  (text, chance) => {
    const from = anywhere(text, chance);
    const piece = text.slice(from, from + chance.few(400));
    return splice(text, anywhere(text, chance), 0, piece.repeat(1 + chance.few(30)));
  },
  (text, chance) => text.slice(0, anywhere(text, chance)),
  (text, chance) => {
    const other = chance.oneOf(recorded).text;
    const from = anywhere(other, chance);
    return splice(text, anywhere(text, chance), chance.few(200), other.slice(from, from + chance.few(400)));
  },
  // A whole value, a whole tag: changes that leave the rest well-formed.
  (text, chance) => replaceOne(text, />[^<>]*</g, `>${bytesOf(hostileText(chance))}<`, chance),
  (text, chance) => replaceOne(text, />[^<>]*</g, `>${bytesOf(hostileText(chance))}<`, chance),
  (text, chance) =>
    replaceOne(text, /<[^<>]*>/g, chance.oneOf(['', '<x/>', '<mObject>', '</mObject>']), chance),
  (text, chance) => replaceOne(text, /[0-9]+/g, chance.oneOf(['0', '-1', '9'.repeat(30), '1e9']), chance),
  (text, chance) => replaceOne(text, /"[^"]*"/g, chance.oneOf(['""', '"urn:x"', '"&#0;"', '"<"']), chance),
];

function replaceOne(text: string, pattern: RegExp, added: string, chance: Chance): string {
  const found = [...text.matchAll(pattern)];
  if (found.length === 0) return text;
  const { index, 0: old } = chance.oneOf(found);
  return splice(text, index, old.length, added);
}

/** A recorded request, signed anew, with some bytes changed. */
export function mutatedRequest({ chance }: Circumstances): FuzzRequest {
  const { contentType, text } = chance.oneOf(recorded);
  const timestamp = new Date().toISOString();
  let body = text
    .replace(/(<mktowsUserId>)[^<]*/, `$1${user.userId}`)
    .replace(/(<requestTimestamp>)[^<]*/, `$1${timestamp}`)
    .replace(/(<requestSignature>)[^<]*/, `$1${sign(user.secret, user.userId, timestamp)}`);
  for (let left = chance.few(6); left >= 0; left--) body = chance.oneOf(mutations)(body, chance);
  if (chance.happens(0.9)) {
    const path = '/soap/mktows/2_7';
    return { path, headers: { 'content-type': contentType }, body: Buffer.from(body, 'latin1') };
  }
  return encoded(Buffer.from(body, 'latin1').toString('utf8'), chance, 0.2);
}

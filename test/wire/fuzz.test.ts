import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SoapFault } from '../../src/contract/faults.ts';
import { requestType } from '../../src/contract/operations.ts';
import { createCallDecoder, type DecodedCall } from '../../src/wire/call-decoder.ts';
import { encodeCall } from '../../src/wire/call-encoder.ts';
import { arbitraryMessage } from '../contract/arbitrary-message.ts';
import { readRecorded, recordedNames } from './recorded.ts';

/** The call, or the fault in short; anything else that is thrown goes on. */
function outcome(pieces: Iterable<Uint8Array>, contentType?: string): unknown {
  try {
    const decoder = createCallDecoder({ contentType });
    for (const piece of pieces) decoder.write(piece);
    const { authentication, requestElement, operation, params, unreadable }: DecodedCall = decoder.end();
    return { authentication, requestElement, operation, params, unreadable: [...unreadable] };
  } catch (error) {
    if (error instanceof SoapFault) return { code: error.code, form: error.form };
    throw error;
  }
}

function* cut(bytes: Buffer, places: readonly number[]): Iterable<Buffer> {
  let start = 0;
  for (const place of places.map((at) => at % (bytes.length + 1)).sort((a, b) => a - b)) {
    yield bytes.subarray(start, place);
    start = place;
  }
  yield bytes.subarray(start);
}

const places = fc.array(fc.nat(5_000), { maxLength: 12 });
const encodings: readonly [string | undefined, (text: string) => Buffer][] = [
  [undefined, (text) => Buffer.from(text)],
  ['text/xml; charset=utf-16le', (text) => Buffer.from(text, 'utf16le')],
  [undefined, (text) => Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(text, 'utf16le').swap16()])],
];
const recorded = recordedNames.map((name) => readRecorded(name).body);

test('bytes cut anywhere are the same call as in one piece', () => {
  fc.assert(
    fc.property(
      arbitraryMessage(requestType('syncMObjects')),
      arbitraryMessage('AuthenticationHeaderInfo'),
      fc.constantFrom(...encodings),
      places,
      (params, authentication, [contentType, encode], at) => {
        const bytes = encode(encodeCall('syncMObjects', params, authentication));
        const whole = outcome([bytes], contentType);
        expect(whole).toMatchObject({ operation: 'syncMObjects', params });
        expect(outcome(cut(bytes, at), contentType)).toEqual(whole);
      },
    ),
  );
});

test('a recorded request byte by byte is the same call as in one piece', () => {
  for (const body of recorded) {
    const bytes = Array.from(body, (byte) => Uint8Array.of(byte));
    expect(outcome(bytes)).toEqual(outcome([body]));
  }
});

test('any bytes are a call or a fault', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 300 }),
      fc.option(fc.string(), { nil: undefined }),
      (bytes, charset) => {
        const contentType = charset === undefined ? undefined : `text/xml; charset=${charset}`;
        outcome([bytes], contentType);
      },
    ),
    { numRuns: 2_000 },
  );
});

const token = fc.oneof(
  fc.constantFrom(
    ...[
      '<',
      '>',
      '</',
      '/>',
      '&',
      ';',
      ']]>',
      '<![CDATA[',
      '<!--',
      '-->',
      '<?',
      '?>',
      '"',
      "'",
      '=',
      ' ',
      '<!DOCTYPE x>',
    ],
    ...[
      ' id="r"',
      ' href="#r"',
      ' xsi:nil="1"',
      ' xmlns="u"',
      ' xmlns:p="u"',
      'p:',
      '&#0;',
      '&amp;',
      '\u0000',
      '\ufeff',
    ],
    ...[
      '<attribList>',
      '</attribList>',
      '<mObject>',
      '</mObject>',
      '<attrib/>',
      '<id>x</id>',
      '<mObject href="#ref1"/>',
    ],
  ),
  fc.uint8Array({ maxLength: 4 }),
);
const change = fc.record({ at: fc.nat(2_000), removed: fc.nat(30), added: token });

test('a recorded request changed at random is a call or a fault, cut or not', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...recorded),
      fc.array(change, { minLength: 1, maxLength: 4 }),
      places,
      (body, changes, at) => {
        let bytes = body;
        for (const { at: place, removed, added } of changes) {
          const start = place % (bytes.length + 1);
          bytes = Buffer.concat([
            bytes.subarray(0, start),
            Buffer.from(added as string),
            bytes.subarray(start + removed),
          ]);
        }
        expect(outcome(cut(bytes, at))).toEqual(outcome([bytes]));
      },
    ),
    { numRuns: 3_000 },
  );
});

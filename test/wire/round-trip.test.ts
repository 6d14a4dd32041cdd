import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Message } from '../../src/contract/messages.ts';
import { answerType, operationNames, requestType } from '../../src/contract/operations.ts';
import { type TypeName, types } from '../../src/contract/types.ts';
import { encodeAnswer } from '../../src/wire/answer.ts';
import { decodeAnswer } from '../../src/wire/answer-decoder.ts';
import { encodeCall } from '../../src/wire/call-encoder.ts';
import { defaultCaps } from '../../src/wire/caps.ts';
import { compiledType } from '../../src/wire/compiled-type.ts';
import { createMessageReader, type MessageReader } from '../../src/wire/message-reader.ts';
import { writeMessage } from '../../src/wire/message-writer.ts';
import { createXmlReader } from '../../src/wire/xml-reader.ts';
import { isXmlText } from '../../src/wire/xml-text.ts';
import { arbitraryMessage } from '../contract/arbitrary-message.ts';
import { decode, mkt, xsi } from './decoding.ts';

const typeNames = Object.keys(types) as TypeName[];

/** Reads a document that is nothing but one message. */
function readMessage(type: TypeName, document: string): object | undefined {
  let message: object | undefined;
  let depth = 0;
  const xml = createXmlReader(defaultCaps, (position) => {
    const reader: MessageReader = createMessageReader(position);
    return {
      open(local, uri, attributes) {
        if (depth++ === 0) reader.begin(compiledType(type), attributes);
        else reader.open(local, uri, attributes);
      },
      text: reader.text,
      close() {
        depth--;
        message = reader.close() ?? message;
      },
    };
  });
  xml.write(document);
  xml.end();
  return message;
}

describe('what is written is read back the same', () => {
  test.each(operationNames)('as the request of %s', (operation) => {
    fc.assert(
      fc.property(
        arbitraryMessage(requestType(operation)),
        arbitraryMessage('AuthenticationHeaderInfo'),
        (params, authentication) => {
          const call = decode(encodeCall(operation, params, authentication));
          expect(call.operation).toBe(operation);
          expect(call.params).toEqual(params);
          expect(call.authentication).toEqual(authentication);
          expect(call.unreadable.size).toBe(0);
        },
      ),
      { numRuns: 40 },
    );
  });

  test.each(operationNames)('as the answer to %s', (operation) => {
    fc.assert(
      fc.property(arbitraryMessage(answerType(operation)), (answer) => {
        const bytes = Buffer.from(encodeAnswer(operation, answer));
        expect(decodeAnswer(operation, bytes)).toEqual({ kind: 'answer', answer });
      }),
      { numRuns: 40 },
    );
  });

  const concrete = typeNames.filter((type) => !types[type].abstract);
  test.each(concrete)('as a message of type %s alone', (type) => {
    const anyType = type as 'MObject';
    fc.assert(
      fc.property(arbitraryMessage(anyType), (message) => {
        const discriminator = (message as { $type?: string }).$type;
        const content = writeMessage(anyType, message, { usesXsi: false });
        const read = readMessage(anyType, `<x ${mkt.replace(':m', ':ns1')} ${xsi}>${content}</x>`);
        expect(read).toEqual(message);
        expect((read as { $type?: string }).$type).toBe(discriminator);
      }),
      { numRuns: 40 },
    );
  });
});

const utf16 = fc
  .array(fc.oneof(fc.integer({ min: 0, max: 0x60 }), fc.integer({ min: 0xd700, max: 0xffff })))
  .map((units) => String.fromCharCode(...units));

test('text that XML cannot hold is written so that it is well-formed', () => {
  fc.assert(
    fc.property(utf16, (text) => {
      const message: Message<'ParamsDescribeMObject'> = { objectName: text };
      const written = writeMessage('ParamsDescribeMObject', message, { usesXsi: false });
      const read = readMessage('ParamsDescribeMObject', `<x>${written}</x>`);

      const held = [...text.toWellFormed()].map((c) => (isXmlText(c) ? c : '\ufffd')).join('');
      expect(read).toEqual({ objectName: held });
    }),
  );
});

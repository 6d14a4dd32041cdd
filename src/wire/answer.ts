import type { Message } from '../contract/messages.ts';
import { type AnswerTypeOf, answerElement, answerType, type OperationName } from '../contract/operations.ts';
import { ns1, writeEnvelope, xsi } from './envelope-writer.ts';
import { type WriterMarks, writeMessage } from './message-writer.ts';

/**
 * Returns the XML text of an answer. Declares `xsi` only if it is used (docs/wire.md#2-answers).
 */
export function encodeAnswer<Name extends OperationName>(
  operation: Name,
  answer: Message<AnswerTypeOf<Name>>,
): string {
  const marks: WriterMarks = { usesXsi: false };
  const content = writeMessage(answerType(operation), answer, marks);
  const name = `ns1:${answerElement(operation)}`;
  return writeEnvelope({
    namespaces: marks.usesXsi ? [ns1, xsi] : [ns1],
    body: `<${name}>${content}</${name}>`,
  });
}

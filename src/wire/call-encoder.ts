import type { Message } from '../contract/messages.ts';
import {
  type OperationName,
  type RequestTypeOf,
  requestElement,
  requestType,
} from '../contract/operations.ts';
import { ns1, writeEnvelope, xsi } from './envelope-writer.ts';
import { type WriterMarks, writeMessage } from './message-writer.ts';

/** Returns the XML text of a request, in the form that PHP's SoapClient writes. `workspace`: of a MktowsContextHeader. */
export function encodeCall<Name extends OperationName>(
  operation: Name,
  params: Message<RequestTypeOf<Name>>,
  authentication: Message<'AuthenticationHeaderInfo'>,
  workspace?: string,
): string {
  const marks: WriterMarks = { usesXsi: false };
  const header = writeMessage('AuthenticationHeaderInfo', authentication, marks);
  const context =
    workspace === undefined
      ? ''
      : `<ns1:MktowsContextHeader>${writeMessage('MktowsContextHeaderInfo', { targetWorkspace: workspace }, marks)}</ns1:MktowsContextHeader>`;
  const content = writeMessage(requestType(operation), params, marks);
  const name = `ns1:${requestElement(operation)}`;
  return writeEnvelope({
    namespaces: marks.usesXsi ? [ns1, xsi] : [ns1],
    header: `<ns1:AuthenticationHeader>${header}</ns1:AuthenticationHeader>${context}`,
    body: `<${name}>${content}</${name}>`,
  });
}

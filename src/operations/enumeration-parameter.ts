import { SoapFault } from '../contract/faults.ts';
import type { UnreadableParts } from '../contract/messages.ts';
import { quote } from '../rules/refusal.ts';

interface Call {
  readonly params: object;
  readonly unreadable: UnreadableParts;
}

/** Returns the text of a parameter that is none of its values; undefined if it is one of them or was not sent. */
export const unknownValue = ({ params, unreadable }: Call, parameter: string): string | undefined =>
  unreadable.get(params)?.find(({ element }) => element === parameter)?.value;

/** Returns the fault of a required parameter that is missing (20109), or is none of its values (20110). */
export function enumerationFault(call: Call, parameter: string, values: readonly string[]): SoapFault {
  const sent = unknownValue(call, parameter);
  const expected = `expected one of ${values.join(', ')}`;
  return sent === undefined
    ? new SoapFault(20109, `${parameter} is missing; ${expected}`)
    : new SoapFault(20110, `${parameter} ${quote(sent)}; ${expected}`);
}

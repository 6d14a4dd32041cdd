import { SoapFault } from '../contract/faults.ts';

/** Returns a required parameter without outer blanks. Throws fault 20109 if it is missing, nil or blank. */
export function requiredText(name: string, sent: string | null | undefined): string {
  const text = sent?.trim() ?? '';
  if (text === '') throw new SoapFault(20109, `${name} is missing`);
  return text;
}

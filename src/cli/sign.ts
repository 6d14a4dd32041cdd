import { readFile } from 'node:fs/promises';
import { text as textOf } from 'node:stream/consumers';
import type { Command } from 'commander';
import { explainSignature } from '../access/explain-signature.ts';
import { sign } from '../wire/signature.ts';
import { readTimestamp } from '../wire/timestamp.ts';
import { escapeText } from '../wire/xml-text.ts';
import { CommandFailure } from './failure.ts';
import { addOptions, type ValuesOf, valuesOf } from './option.ts';
import { printLine } from './output.ts';
import { explainOptions, signOptions } from './sign-options.ts';

/** Adds `mktows sign`. */
export function addSign(program: Command): void {
  const command = program
    .command('sign')
    .description(
      'Print the authentication header of a call, signed: for curl, and to compare with that of a client.',
    );
  addOptions(command, signOptions).action(() => {
    const values = valuesOf(command, signOptions);
    const [userId, secret] = [required('--user', values.user), required('MKTOWS_SECRET', values.secret)];
    const timestamp = values.timestamp ?? new Date().toISOString();
    const parts = [
      ['mktowsUserId', userId],
      ['requestSignature', sign(secret, userId, timestamp)],
      ['requestTimestamp', timestamp],
    ] as const;
    if (!values.xml) for (const part of parts) printLine(...part);
    else {
      const elements = parts.map(([name, value]) => `<ns1:${name}>${escapeText(value)}</ns1:${name}>`);
      printLine(`<ns1:AuthenticationHeader>${elements.join('')}</ns1:AuthenticationHeader>`);
    }
  });
}

/** Adds `mktows explain-signature`. */
export function addExplainSignature(program: Command): void {
  const command = program
    .command('explain-signature [file]')
    .description(
      'Say what was signed, and why a signature is refused. Takes the SOAP request from a file, - for standard input, or its parts as options. Ends with 1 if a server refuses it.',
    );
  addOptions(command, explainOptions).action(async (file: string | undefined) =>
    explain(file, valuesOf(command, explainOptions)),
  );
}

async function explain(file: string | undefined, values: ValuesOf<typeof explainOptions>): Promise<void> {
  const request =
    file === undefined ? '' : await (file === '-' ? textOf(process.stdin) : readFile(file, 'utf8'));
  const header = {
    userId: required('--user', element(request, 'mktowsUserId') ?? values.user),
    timestamp: required('--timestamp', element(request, 'requestTimestamp') ?? values.timestamp),
    signature: required('--signature', element(request, 'requestSignature') ?? values.signature),
  };
  const secret = required('MKTOWS_SECRET', values.secret);
  const now = values.at === undefined ? Date.now() : readTimestamp(values.at);
  if (now === undefined)
    throw new CommandFailure(`--at: "${values.at}" is no time; expected ISO 8601 with an offset`);
  const window = { maxAge: values.maxAge * 60_000, maxAhead: values.maxAhead * 60_000 };
  const { signed, expected, matches, reasons } = explainSignature(header, secret, window, now);
  printLine('signed text', JSON.stringify(signed));
  printLine('expected', expected);
  printLine('sent', header.signature);
  printLine('signature', matches ? 'right' : 'wrong');
  for (const reason of reasons) printLine('refused', reason);
  if (reasons.length > 0) process.exitCode = 1;
  else printLine('accepted', 'at this time, if the server knows the user by this secret');
}

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** The text of an element of a request, whatever its prefix. White space stays: it is signed, or should have been. */
function element(request: string, name: string): string | undefined {
  const found = new RegExp(`<(?:[\\w.-]+:)?${name}(?:\\s[^>]*)?>([^<]*)<`).exec(request)?.[1];
  return found?.replace(/&(lt|gt|amp|quot|apos);/g, (_all, entity: string) => entities[entity] ?? '');
}

function required(name: string, value: string | undefined): string {
  if (value !== undefined) return value;
  throw new CommandFailure(`${name} is missing`);
}

import { readFile } from 'node:fs/promises';
import { type ApplyOptions, applyInstanceText, type InstanceReport } from '../instance/apply.ts';
import { type CheckOptions, checkInstance, type PlacedMistake } from '../instance/check.ts';
import { fileProblem } from '../server/file-problem.ts';
import type { Objects } from '../store/store.ts';
import demoInstance from './demo-instance.json' with { type: 'json' };
import { CommandFailure } from './failure.ts';

/** The text of an instance file. `name`: its name in messages. */
export interface InstanceFile {
  readonly name: string;
  readonly text: string;
}

export async function readInstanceFile(path: string): Promise<InstanceFile> {
  try {
    return { name: path, text: await readFile(path, 'utf8') };
  } catch (error) {
    throw new CommandFailure(`cannot read the instance file ${path}: ${fileProblem(path, error)}`);
  }
}

/** Checks a file without a store. Throws a `CommandFailure` with one line per mistake. */
export function checkFile({ name, text }: InstanceFile, options: CheckOptions): void {
  const result = checkInstance(text, options);
  if ('mistakes' in result) throw mistaken(name, result.mistakes);
}

/** Applies a file. Rejects with a `CommandFailure` with one line per mistake. */
export async function applyFile(
  store: Objects,
  { name, text }: InstanceFile,
  options: ApplyOptions,
): Promise<InstanceReport> {
  const result = await applyInstanceText(store, text, options);
  if ('mistakes' in result) throw mistaken(name, result.mistakes);
  return result.report;
}

/** Adds what the store does not have yet from an instance: a file path, or its contents, which messages call `name`. */
export async function addInstance(
  store: Objects,
  given: string | object,
  timeZone: string,
  name?: string,
): Promise<void> {
  await applyFile(store, await instanceFile(given, name), { mode: 'add', now: new Date(), timeZone });
}

/** Reads the file at a path, or wraps contents that are given in code. */
export async function instanceFile(given: string | object, name = 'instance'): Promise<InstanceFile> {
  return typeof given === 'string' ? readInstanceFile(given) : { name, text: JSON.stringify(given) };
}

/** Adds what the store does not have yet from the demo's instance. */
export const addDemoInstance = (store: Objects): Promise<void> =>
  addInstance(store, demoInstance, 'UTC', 'the instance of the demo');

/** Formats mistakes as lines such as `instance.json:12:5: leads[3].companyId: no Company 7 in the file`. */
const mistaken = (file: string, mistakes: readonly PlacedMistake[]) =>
  new CommandFailure(
    ...mistakes.map(({ path, message, place: { line, column } }) =>
      [`${file}:${line}:${column}`, ...(path === '' ? [] : [path]), message].join(': '),
    ),
  );

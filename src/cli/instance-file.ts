import { readFile } from 'node:fs/promises';
import { type ApplyOptions, applyInstanceText, type InstanceReport } from '../instance/apply.ts';
import { type CheckOptions, checkInstance, type PlacedMistake } from '../instance/check.ts';
import type { Store } from '../store/store.ts';
import demoInstance from './demo-instance.json' with { type: 'json' };
import { CommandFailure } from './failure.ts';

/** An instance file that was read. `name`: what messages call it. */
export interface InstanceFile {
  readonly name: string;
  readonly text: string;
}

export async function readInstanceFile(path: string): Promise<InstanceFile> {
  try {
    return { name: path, text: await readFile(path, 'utf8') };
  } catch (error) {
    throw new CommandFailure(`cannot read the instance file ${path}: ${(error as Error).message}`);
  }
}

/** Checks a file without a store. Throws a `CommandFailure` of one line a mistake. */
export function checkFile({ name, text }: InstanceFile, options: CheckOptions): void {
  const result = checkInstance(text, options);
  if ('mistakes' in result) throw mistaken(name, result.mistakes);
}

/** Applies a file. Rejects with a `CommandFailure` of one line a mistake. */
export async function applyFile(
  store: Store,
  { name, text }: InstanceFile,
  options: ApplyOptions,
): Promise<InstanceReport> {
  const result = await applyInstanceText(store, text, options);
  if ('mistakes' in result) throw mistaken(name, result.mistakes);
  return result.report;
}

/** Adds to a store what it does not have of this file. */
export async function addInstanceFile(store: Store, path: string, timeZone: string): Promise<void> {
  const file = await readInstanceFile(path);
  await applyFile(store, file, { mode: 'add', now: new Date(), timeZone });
}

/** Adds to a store what it does not have of the demo's objects. */
export async function addDemoInstance(store: Store): Promise<void> {
  const file = { name: 'the instance of the demo', text: JSON.stringify(demoInstance) };
  await applyFile(store, file, { mode: 'add', now: new Date(), timeZone: 'UTC' });
}

/** A line such as `instance.json:12:5: leads[3].companyId: no Company 7 in the file`. */
const mistaken = (file: string, mistakes: readonly PlacedMistake[]) =>
  new CommandFailure(
    ...mistakes.map(({ path, message, place: { line, column } }) =>
      [`${file}:${line}:${column}`, ...(path === '' ? [] : [path]), message].join(': '),
    ),
  );

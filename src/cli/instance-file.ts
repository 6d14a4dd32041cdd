import { readFile } from 'node:fs/promises';
import { type ApplyOptions, applyInstance, type InstanceReport } from '../instance/apply.ts';
import { type CheckOptions, checkInstance, type Instance, type Mistake } from '../instance/check.ts';
import type { Store } from '../store/store.ts';
import demoInstance from './demo-instance.json' with { type: 'json' };
import { CommandFailure } from './failure.ts';

/** Reads and checks an instance file. Rejects with a `CommandFailure` of one line a mistake. */
export async function readInstance(path: string, options: CheckOptions): Promise<Instance> {
  return checked(await readText(path), path, options);
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new CommandFailure(`cannot read the instance file ${path}: ${(error as Error).message}`);
  }
}

function checked(text: string, path: string, options: CheckOptions): Instance {
  const result = checkInstance(text, options);
  if ('mistakes' in result) throw mistaken(path, result.mistakes);
  return result.instance;
}

/** Applies a file that was read from `path`. Rejects like `readInstance` when it does not fit the store. */
export async function applyFile(
  store: Store,
  instance: Instance,
  path: string,
  options: ApplyOptions,
): Promise<InstanceReport> {
  const result = await applyInstance(store, instance, options);
  if ('mistakes' in result) throw mistaken(path, result.mistakes);
  return result.report;
}

/** Adds to a store what it does not have of this file. */
export async function addInstanceFile(store: Store, path: string, timeZone: string): Promise<void> {
  const instance = await readInstance(path, { timeZone, alone: false });
  await applyFile(store, instance, path, { mode: 'add', now: new Date(), timeZone });
}

/** Adds to a store what it does not have of the demo's objects. */
export async function addDemoInstance(store: Store): Promise<void> {
  const name = 'the instance of the demo';
  const instance = checked(JSON.stringify(demoInstance), name, {});
  await applyFile(store, instance, name, { mode: 'add', now: new Date(), timeZone: 'UTC' });
}

const mistaken = (file: string, mistakes: readonly Mistake[]) =>
  new CommandFailure(...mistakes.map(({ path, message }) => `${file}: ${path}: ${message}`));

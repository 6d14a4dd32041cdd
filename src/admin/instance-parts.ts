import Type from 'typebox';
import { applyInstanceValue, type InstanceReport } from '../instance/apply.ts';
import { instanceKinds } from '../instance/report.ts';
import { Problem } from '../server/json-routes.ts';
import type { AdminContext } from './context.ts';
import { closed } from './route.ts';

/** Anything that the rules of the instance file then check. */
export const written = (description: string) =>
  Type.Unsafe<Record<string, unknown>>({ type: 'object', description });

const counts = closed({
  created: Type.Integer(),
  updated: Type.Integer(),
  unchanged: Type.Integer(),
  removed: Type.Integer(),
});

/** The numbers of things that an instance file creates, changes and removes. */
export const shownReport = Type.Record(Type.String(), counts, {
  description: `by kind: ${instanceKinds.join(', ')}`,
});

export interface PartOptions {
  readonly mode: 'make' | 'add';
  readonly exact?: boolean;
  readonly dryRun?: boolean;
  /** The part of paths that the sender does not know, such as `programs[0]`. */
  readonly at?: string;
}

/** The maximum number of mistakes that are reported of an instance. */
const MOST_MISTAKES = 100;

/** Applies a part of an instance by the rules of the file. Throws a `Problem` with its first mistakes. */
export async function applyPart(
  { store, settings, now }: AdminContext,
  instance: unknown,
  { at = '', ...options }: PartOptions,
): Promise<InstanceReport> {
  const result = await applyInstanceValue(store, instance, {
    ...options,
    now: now(),
    timeZone: settings.timeZone,
  });
  if (!('mistakes' in result)) return result.report;
  const errors = result.mistakes.slice(0, MOST_MISTAKES).map(({ path, message }) => ({
    path: path.startsWith(at) ? path.slice(at.length).replace(/^\./, '') : path,
    message,
  }));
  const [first] = errors;
  const place = first?.path === '' || first === undefined ? 'the body' : `${first.path} in the body`;
  throw new Problem(400, `${place}: ${first?.message}`, errors);
}

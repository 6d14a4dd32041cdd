import { closestName } from '../rules/refusal.ts';
import type { OptionDeclaration, OptionDeclarations, ValuesOf } from './option.ts';
import { longName } from './option.ts';
import { serveOptions } from './options.ts';
import type { ServeValues } from './serve-settings.ts';

/** Code has no use for a file of options. */
const { config: _config, ...codeOptions } = serveOptions;

/** Options of `mktows serve` as they can be given in code. */
export type CodeOptions = {
  readonly [Name in keyof ServeValues]?: ServeValues[Name] | undefined;
};

/**
 * Completes options that are given in code by the defaults of the command line, and checks them as the command line
 * does. Throws `TypeError` that names the option.
 */
export function serveValues(given: CodeOptions): ServeValues {
  return { ...completed(given, codeOptions), config: undefined };
}

function completed<Declarations extends OptionDeclarations>(
  given: Readonly<Record<string, unknown>>,
  declarations: Declarations,
): ValuesOf<Declarations> {
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(declarations, name));
  if (unknown !== undefined) {
    const close = closestName(unknown, Object.keys(declarations));
    const meant = close === undefined ? '' : `; did you mean ${close}?`;
    throw new TypeError(`There is no option "${unknown}"${meant}`);
  }
  const values = Object.entries(declarations).map(([name, declaration]) => [
    name,
    given[name] === undefined ? defaultOf(declaration) : parsed(name, given[name], declaration),
  ]);
  return Object.fromEntries(values) as ValuesOf<Declarations>;
}

function defaultOf(declaration: OptionDeclaration): unknown {
  if (declaration.repeatable) return [];
  return declaration.default === undefined ? undefined : declaration.parse(declaration.default);
}

function parsed(name: string, value: unknown, declaration: OptionDeclaration): unknown {
  try {
    return declaration.parse(Array.isArray(value) ? value.join(',') : String(value));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    // The value may be a secret.
    throw new TypeError(`${name}: ${error.message} It is ${longName(declaration)} on the command line.`);
  }
}

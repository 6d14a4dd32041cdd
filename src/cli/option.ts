import { type Command, InvalidArgumentError, Option } from 'commander';
import { CommandFailure } from './failure.ts';

/**
 * One option of a command: the one place where its name, default, meaning and cost are written. Help, environment
 * and the table in docs/options.md come from it.
 */
export interface OptionDeclaration<Value = unknown> {
  /** `--port <number>`; without an argument it is a switch. */
  readonly flags: string;
  /** As it would be written on the command line; undefined: none. */
  readonly default: string | undefined;
  /** What it does, with what it costs. */
  readonly description: string;
  /** Reads what was written. Throws `RangeError` that says what was expected. */
  readonly parse: (text: string) => Value;
  /** Each use adds to the ones before; the value is an array. */
  readonly repeatable: boolean;
}

/** The options of a command by the names under which their values are found. */
export type OptionDeclarations = { readonly [name: string]: OptionDeclaration };

export type ValuesOf<Declarations extends OptionDeclarations> = {
  readonly [Name in keyof Declarations]: Declarations[Name] extends OptionDeclaration<infer Value>
    ? Value
    : never;
};

type Parse<Value> = (text: string) => Value;

/** Declares an option that always has a value. */
export function option<Value>(
  flags: string,
  parse: Parse<Value>,
  fallback: string,
  description: string,
): OptionDeclaration<Value> {
  return { flags, default: fallback, description, parse, repeatable: false };
}

/** Declares an option that may be left out. */
export function optionalOption<Value>(
  flags: string,
  parse: Parse<Value>,
  description: string,
): OptionDeclaration<Value | undefined> {
  return { flags, default: undefined, description, parse, repeatable: false };
}

/** Declares an option whose value is a list: separated by commas, and each use adds to it. */
export function listOption<Value>(
  flags: string,
  parse: Parse<Value>,
  description: string,
): OptionDeclaration<readonly Value[]> {
  const items = (text: string) => text.split(',').map((item) => item.trim());
  const parseList = (text: string) => items(text).filter(Boolean).map(parse);
  return { flags, default: undefined, description, parse: parseList, repeatable: true };
}

/** Declares a switch. */
export function switchOption(flags: string, description: string): OptionDeclaration<boolean> {
  return { flags, default: undefined, description, parse: isYes, repeatable: false };
}

const isYes = (text: string) => !['', '0', 'false', 'no', 'off'].includes(text.toLowerCase());

/** The long name of an option: `--key-file`. */
export const longName = ({ flags }: OptionDeclaration): string => flags.split(' ', 1)[0] ?? flags;

/** The environment variable that stands in for an option: `MKTOWS_KEY_FILE`. */
export const environmentName = (declaration: OptionDeclaration): string =>
  `MKTOWS_${longName(declaration).slice(2).replaceAll('-', '_').toUpperCase()}`;

const takesArgument = ({ flags }: OptionDeclaration) => flags.includes(' ');

/** Adds options to a command. What is not on the command line is looked for in the environment. */
export function addOptions(command: Command, declarations: OptionDeclarations): Command {
  for (const declaration of Object.values(declarations)) command.addOption(commanderOption(declaration));
  return command;
}

function commanderOption(declaration: OptionDeclaration): Option {
  const option = new Option(declaration.flags, declaration.description);
  const variable = environmentName(declaration);
  if (!takesArgument(declaration)) {
    // A variable that says no would count as given.
    return isYes(process.env[variable] ?? '') ? option.env(variable) : option;
  }
  option.env(variable).argParser((text: string, before: unknown) => {
    const value = parsed(declaration, text);
    return declaration.repeatable ? [...(before as unknown[]), ...(value as unknown[])] : value;
  });
  if (declaration.repeatable) option.default([], 'none');
  else if (declaration.default !== undefined) {
    option.default(declaration.parse(declaration.default), declaration.default);
  }
  return option;
}

function parsed(declaration: OptionDeclaration, text: string): unknown {
  assertOneLine(text, longName(declaration));
  try {
    return declaration.parse(text);
  } catch (error) {
    if (error instanceof RangeError) throw new InvalidArgumentError(error.message);
    throw error;
  }
}

/** Throws a `CommandFailure` if a text holds a control character. It does not show the text: that can be a secret. */
export function assertOneLine(text: string, what: string): void {
  const found = /\p{Cc}/u.exec(text);
  if (found === null) return;
  const code = found[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
  throw new CommandFailure(
    `${what} holds the control character U+${code} after ${found.index} characters: expected one line of text`,
  );
}

/** The values of a command's options, read. */
export function valuesOf<Declarations extends OptionDeclarations>(
  command: Command,
  declarations: Declarations,
): ValuesOf<Declarations> {
  const given = command.opts();
  const values: Record<string, unknown> = {};
  for (const [name, declaration] of Object.entries(declarations)) {
    values[name] = takesArgument(declaration) ? given[name] : given[name] === true;
  }
  return values as ValuesOf<Declarations>;
}

/** The options that were given another value than their default, as text: `--port 0`. */
export function givenOptions(command: Command, declarations: OptionDeclarations): string[] {
  return Object.entries(declarations).flatMap(([name, declaration]) => {
    const source = command.getOptionValueSource(name);
    if (source === undefined || source === 'default') return [];
    const value: unknown = command.getOptionValue(name);
    if (String(value) === declaration.default) return [];
    const text = value === true ? '' : ` ${Array.isArray(value) ? value.join(',') : String(value)}`;
    return [`${longName(declaration)}${text}`];
  });
}

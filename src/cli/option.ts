import { type Command, InvalidArgumentError, Option } from 'commander';
import { CommandFailure } from './failure.ts';

/**
 * An option of a command. The only place for its name, default and description: the help texts, environment variables
 * and the table in docs/options.md are derived from it.
 */
export interface OptionDeclaration<Value = unknown> {
  /** Such as `--port <number>`. An option without an argument is a switch. */
  readonly flags: string;
  /** The default, as on the command line; undefined: none. */
  readonly default: string | undefined;
  /** The effect of the option, and its cost. */
  readonly description: string;
  /** Parses the argument. Throws a `RangeError` that says what was expected. */
  readonly parse: (text: string) => Value;
  /** The option may be repeated; its value is an array. */
  readonly repeatable: boolean;
  /** It is not read from the environment: its variable means something else to other commands. */
  readonly isArgumentOnly?: true;
}

/** The options of a command, by the property name of their values. */
export type OptionDeclarations = { readonly [name: string]: OptionDeclaration };

export type ValuesOf<Declarations extends OptionDeclarations> = {
  readonly [Name in keyof Declarations]: Declarations[Name] extends OptionDeclaration<infer Value>
    ? Value
    : never;
};

type Parse<Value> = (text: string) => Value;

/** Declares an option with a default. */
export function option<Value>(
  flags: string,
  parse: Parse<Value>,
  fallback: string,
  description: string,
): OptionDeclaration<Value> {
  return { flags, default: fallback, description, parse, repeatable: false };
}

/** Declares an option without a default. */
export function optionalOption<Value>(
  flags: string,
  parse: Parse<Value>,
  description: string,
): OptionDeclaration<Value | undefined> {
  return { flags, default: undefined, description, parse, repeatable: false };
}

/** Declares an option with a comma-separated list as its value. Repeated use adds to the list. */
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

/** Returns the long name of an option, such as `--key-file`. */
export const longName = ({ flags }: OptionDeclaration): string => flags.split(' ', 1)[0] ?? flags;

/** Returns the environment variable of an option, such as `MKTOWS_KEY_FILE`. */
export const environmentName = (declaration: OptionDeclaration): string =>
  `MKTOWS_${longName(declaration).slice(2).replaceAll('-', '_').toUpperCase()}`;

const takesArgument = ({ flags }: OptionDeclaration) => flags.includes(' ');

/** The property names of a command's options by the heading of their group, in the order of the help. */
export interface OptionGroups {
  readonly [heading: string]: readonly string[];
}

/**
 * Adds options to a command, in groups if there are any; `--help` then has the last one. An option that is not on the
 * command line is read from the environment.
 */
export function addOptions(
  command: Command,
  declarations: OptionDeclarations,
  groups: OptionGroups = {},
): Command {
  const grouped = Object.entries(groups).flatMap(([heading, names]) => names.map((name) => [name, heading]));
  const headings = new Map(grouped as [name: string, heading: string][]);
  for (const name of new Set([...headings.keys(), ...Object.keys(declarations)])) {
    const declaration = declarations[name];
    const heading = headings.get(name);
    if (declaration === undefined) continue;
    const option = commanderOption(declaration);
    command.addOption(heading === undefined ? option : option.helpGroup(`${heading}:`));
  }
  if (headings.size > 0) command.addHelpOption(new Option('--help', HELP).helpGroup('Help:'));
  return command;
}

/** The description of `--help`. */
export const HELP = 'show this help';

function commanderOption(declaration: OptionDeclaration): Option {
  const option = new Option(declaration.flags, declaration.description);
  // Otherwise `--no-admin` would be the opposite of an option "admin".
  option.negate = false;
  const variable = environmentName(declaration);
  if (!takesArgument(declaration)) {
    // Commander counts a switch as set if its variable has any value, even "false".
    return isYes(process.env[variable] ?? '') ? option.env(variable) : option;
  }
  if (!declaration.isArgumentOnly) option.env(variable);
  option.argParser((text: string, before: unknown) => {
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
  return argument(declaration.parse)(text);
}

/** Returns a parser for commander, to which a `RangeError` says that the text is invalid. */
export function argument<Value>(parse: Parse<Value>): Parse<Value> {
  return (text) => {
    try {
      return parse(text);
    } catch (error) {
      if (error instanceof RangeError) throw new InvalidArgumentError(error.message);
      throw error;
    }
  };
}

/**
 * Throws a `CommandFailure` if a text contains a control character. The message omits the text, which may be a
 * secret.
 */
export function assertOneLine(text: string, what: string): void {
  const found = /\p{Cc}/u.exec(text);
  if (found === null) return;
  const code = found[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
  throw new CommandFailure(
    `${what} holds the control character U+${code} after ${found.index} characters: expected one line of text`,
  );
}

/** Returns the parsed values of a command's options. */
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

/** Returns the options that differ from their defaults, as text such as `--port 0`. */
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

import type { Command } from 'commander';
import { closestName } from '../rules/refusal.ts';
import { readConfigContent } from './config-content.ts';
import { CommandFailure } from './failure.ts';
import { assertOneLine, longName, type OptionDeclaration } from './option.ts';
import { serveOptions } from './options.ts';

/** The options allowed in a config file, by name: those of `serve` without the dashes. */
const { config: _config, ...fileOptions } = serveOptions;
const declarations = new Map<string, OptionDeclaration>(
  Object.values(fileOptions).map((declaration) => [longName(declaration).slice(2), declaration]),
);

/** The options that other commands take from the file. A secret there is that of serve's user, and of no new one. */
const shared = ['database', 'key-file', 'time-zone', 'admin-token-file'];

/**
 * Sets options from the command's config file, if there is one, unless the command line or the environment sets them.
 * Throws a `CommandFailure` with one line per mistake.
 */
export function applyConfig(command: Command): void {
  const path: unknown = command.getOptionValue('config');
  if (typeof path !== 'string') return;
  for (const [name, value] of readConfig(path)) {
    if (command.name() !== 'serve' && !shared.includes(name)) continue;
    const option = command.options.find(({ long }) => long === `--${name}`);
    const source = option && command.getOptionValueSource(option.attributeName());
    if (option === undefined || (source !== undefined && source !== 'default')) continue;
    command.setOptionValueWithSource(option.attributeName(), value, 'config');
  }
}

/** Reads the options of a config file. Throws a `CommandFailure` with one line per mistake. */
export function readConfig(path: string): Map<string, unknown> {
  const mistakes: string[] = [];
  const values = new Map<string, unknown>();
  for (const [name, written] of Object.entries(contentOf(path))) {
    try {
      values.set(name, parsedValue(name, written));
    } catch (error) {
      if (!(error instanceof RangeError || error instanceof CommandFailure)) throw error;
      mistakes.push(`${path}: ${error.message}`);
    }
  }
  if (mistakes.length > 0) throw new CommandFailure(...mistakes);
  return values;
}

function contentOf(path: string): object {
  try {
    return readConfigContent(path);
  } catch (error) {
    throw new CommandFailure((error as Error).message);
  }
}

function parsedValue(name: string, written: unknown): unknown {
  const declaration = declarations.get(name);
  if (declaration === undefined) {
    const close = closestName(name, [...declarations.keys()]);
    const advice =
      close === undefined
        ? 'expected an option of "mktows serve" without its dashes'
        : `did you mean ${close}?`;
    throw new RangeError(`there is no option "${name}"; ${advice}`);
  }
  const items = declaration.repeatable && Array.isArray(written) ? written : [written];
  if (!items.every((item) => ['string', 'number', 'boolean'].includes(typeof item))) {
    throw new RangeError(
      `${name}: expected a text or a number${declaration.repeatable ? ', or a list of them' : ''}`,
    );
  }
  const text = items.join(',');
  assertOneLine(text, name);
  try {
    return declaration.parse(text);
  } catch (error) {
    if (error instanceof RangeError) throw new RangeError(`${name}: ${error.message}`);
    throw error;
  }
}

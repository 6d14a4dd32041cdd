import type { Command } from 'commander';
import { closestName } from '../rules/refusal.ts';
import { environmentName } from './option.ts';
import { commandOptions, keyVariable } from './options.ts';

const PREFIX = 'MKTOWS_';

function knownVariables(): Set<string> {
  const declarations = Object.values(commandOptions).flatMap((options) => Object.values(options));
  return new Set([...declarations.map(environmentName), keyVariable.name]);
}

/** A warning about an environment variable. */
interface VariableWarning {
  readonly variable: string;
  readonly warning: string;
}

/**
 * Prepares the MKTOWS_ variables to be read as options: strips trailing line breaks (secret files), and removes empty
 * variables (compose files) and variables that Kubernetes sets for services. Returns warnings.
 */
export function prepareEnvironment(environment: NodeJS.ProcessEnv): readonly VariableWarning[] {
  const known = knownVariables();
  const warnings: VariableWarning[] = [];
  for (const [variable, written = ''] of Object.entries(environment)) {
    if (!variable.startsWith(PREFIX)) continue;
    const value = withoutLineEnd(written);
    if (value === '' || isServiceLink(variable, value)) delete environment[variable];
    else if (value !== written) environment[variable] = value;
    if (value === '') continue;
    if (!known.has(variable)) {
      if (!isServiceLink(variable, value)) warnings.push({ variable, warning: unknown(variable, known) });
    } else if (isServiceLink(variable, value)) warnings.push({ variable, warning: linked(variable, value) });
  }
  return warnings;
}

/** Strips line breaks at the end of a text. */
export const withoutLineEnd = (text: string): string => text.replace(/[\r\n]+$/, '');

/** Returns the warnings for a command. Skips those about known variables that the command does not read. */
export function warningsFor(command: Command, warnings: readonly VariableWarning[]): string[] {
  const known = knownVariables();
  const read = new Set(command.options.map(({ envVar }) => envVar));
  return warnings
    .filter(({ variable }) => !known.has(variable) || read.has(variable))
    .map(({ warning }) => warning);
}

/**
 * Returns true for variables that Kubernetes sets for a service named mktows or mktows-*: service links, in the
 * format of Docker's old container links. https://kubernetes.io/docs/concepts/services-networking/service/
 */
const isServiceLink = (variable: string, value: string): boolean =>
  /_SERVICE_(HOST|PORT(_[A-Z0-9_]+)?)$/.test(variable) ||
  /_PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?$/.test(variable) ||
  /^(tcp|udp|sctp):\/\/[^/]+:\d+$/.test(value);

const linked = (variable: string, value: string): string =>
  `${variable}=${value} is ignored: Kubernetes sets it for a service named mktows; to choose the value, use the option, and "enableServiceLinks: false" in the pod's spec keeps such variables away`;

function unknown(variable: string, known: ReadonlySet<string>): string {
  const names = Array.from(known, (name) => name.slice(PREFIX.length));
  const close = closestName(variable.slice(PREFIX.length), names);
  const advice =
    close === undefined
      ? '; "mktows serve --help" names those there are'
      : `; did you mean ${PREFIX}${close}?`;
  return `${variable} is not a variable of mktows and is ignored${advice}`;
}

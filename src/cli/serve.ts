import type { Command } from 'commander';
import { disablePretenuring } from '../server/v8-flags.ts';
import type { Store } from '../store/store.ts';
import { announcement, announcementJson } from './announcement.ts';
import { addOptions, givenOptions, valuesOf } from './option.ts';
import { optionGroups } from './option-groups.ts';
import { serveOptions } from './options.ts';
import { continueWithoutOutput } from './output.ts';
import { startServing } from './serving.ts';
import { originOf } from './shown-settings.ts';
import { stopOnSignal } from './signals.ts';

/** Adds `mktows serve`. */
export function addServe(program: Command): void {
  addOptions(
    program.command('serve').description('Serve the SOAP API, until Ctrl-C or SIGTERM.'),
    serveOptions,
    optionGroups.serve,
  ).action(async (_options, command: Command) => {
    const values = valuesOf(command, serveOptions);
    const { timeZone } = values;
    // A missing file must not leave a database behind.
    const adding = values.instance === undefined ? undefined : await instanceToAdd(values.instance, timeZone);
    disablePretenuring();
    const serving = await startServing(
      values,
      async (store) => {
        await adding?.(store);
      },
      (name) => originOf(command.getOptionValueSource(name)),
    );
    stopOnSignal(serving.stop);
    continueWithoutOutput((error) => serving.logger.warn({ err: error }, unannounced));
    const settings = shown(givenOptions(command, serveOptions));
    const announced = { ...serving, settings };
    // Whoever reads this line may stop the process at once.
    process.stdout.write(values.announce === 'json' ? announcementJson(announced) : announcement(announced));
  });
}

/** Reads an instance file, and returns how to add it to a store. What reads such files takes a while to load. */
async function instanceToAdd(path: string, timeZone: string): Promise<(store: Store) => Promise<unknown>> {
  const { applyFile, readInstanceFile } = await import('./instance-file.ts');
  const file = await readInstanceFile(path);
  return (store) => applyFile(store, file, { mode: 'add', now: new Date(), timeZone });
}

const unannounced =
  'the first lines could not be written to standard output; if they held the secret of a new user, give it another one: mktows users add --replace';

/** Omits settings that have a line of their own or are secret. */
const shown = (settings: readonly string[]) =>
  settings.filter((setting) => !/^--(port|host|database|user|secret) /.test(setting));

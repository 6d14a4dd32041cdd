import type { Command } from 'commander';
import { disablePretenuring } from '../server/v8-flags.ts';
import { announcement, announcementJson } from './announcement.ts';
import { applyFile, instanceFile } from './instance-file.ts';
import { addOptions, givenOptions, valuesOf } from './option.ts';
import { serveOptions } from './options.ts';
import { goOnWithoutOutput } from './output.ts';
import { startServing } from './serving.ts';
import { stopOnSignal } from './signals.ts';

/** Adds `mktows serve`. */
export function addServe(program: Command): void {
  addOptions(
    program.command('serve').description('Serve the SOAP API, until Ctrl-C or SIGTERM.'),
    serveOptions,
  ).action(async (_options, command: Command) => {
    const values = valuesOf(command, serveOptions);
    const { timeZone } = values;
    // A missing file must not leave a database behind.
    const instance = values.instance === undefined ? undefined : await instanceFile(values.instance);
    disablePretenuring();
    const serving = await startServing(values, async (store) => {
      if (instance !== undefined)
        await applyFile(store, instance, { mode: 'add', now: new Date(), timeZone });
    });
    stopOnSignal(serving.stop);
    goOnWithoutOutput((error) => serving.logger.warn({ err: error }, unannounced));
    const settings = shown(givenOptions(command, serveOptions));
    const announced = { ...serving, settings };
    // Whoever reads this line may stop the process at once.
    process.stdout.write(values.announce === 'json' ? announcementJson(announced) : announcement(announced));
  });
}

const unannounced =
  'the first lines could not be written to standard output; if they held the secret of a new user, give it another one: mktows users add --replace';

/** Omits settings that have a line of their own or are secret. */
const shown = (settings: readonly string[]) =>
  settings.filter((setting) => !/^--(port|host|database|user|secret) /.test(setting));

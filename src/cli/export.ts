import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Command } from 'commander';
import { fileSections } from '../records/all.ts';
import { openSource } from '../store/open.ts';
import { withExistingStore } from './database.ts';
import { CommandFailure } from './failure.ts';
import { fileFormat } from './file-format.ts';
import { addOptions, type ValuesOf, valuesOf } from './option.ts';
import { alternatives } from './option-values.ts';
import { exportOptions } from './options.ts';

/** Adds `mktows export`. */
export function addExport(program: Command): void {
  addOptions(
    program
      .command('export [file]')
      .description(
        'Write the records of a type as CSV, TSV, NDJSON or JSON, by default to standard output. import reads the file into the same records.',
      ),
    exportOptions,
  ).action(async (file: string | undefined, _options, command: Command) =>
    exportFile(file === '-' ? undefined : file, valuesOf(command, exportOptions)),
  );
}

async function exportFile(file: string | undefined, values: ValuesOf<typeof exportOptions>): Promise<void> {
  const { database, type, formulas } = values;
  if (type === undefined) throw new CommandFailure(`export needs --type: ${alternatives(fileSections)}`);
  const format = file === undefined ? (values.format ?? 'csv') : fileFormat(file, values.format);
  // Loaded here, so that other commands start without it.
  const { exportRows } = await import('../transfer/export-rows.ts');
  const { layoutOf } = await import('../transfer/layout.ts');
  const { writeRows } = await import('../transfer/write-rows.ts');
  const schema = await withExistingStore(database, (store) => store.schema());
  const reader = await openSource(database);
  try {
    const exported = await exportRows(reader, type, layoutOf(type, schema));
    const text = Readable.from(writeRows(exported, format, formulas === 'guard'));
    if (file === undefined) await pipeline(text, process.stdout, { end: false });
    else await pipeline(text, createWriteStream(file));
  } finally {
    await reader.close();
  }
}

import { formatOf, type InputFormat, inputFormats } from '../bulk/input.ts';
import { CommandFailure } from './failure.ts';
import { alternatives } from './option-values.ts';

/** Returns the format that is given, else the one that the ending of a file's name says. */
export function fileFormat(file: string, given: InputFormat | undefined): InputFormat {
  const format = given ?? formatOf(file);
  if (format !== undefined) return format;
  if (/\.(xlsx?|xlsm|ods|numbers)$/i.test(file))
    throw new CommandFailure(
      `${file}: expected no spreadsheet, but CSV in UTF-8, which spreadsheets open and save`,
    );
  const what = file === '-' ? 'the format of standard input' : `${file}: its format`;
  throw new CommandFailure(`${what} cannot be told by a name; say --format ${alternatives(inputFormats)}`);
}

const problems: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'a quote is opened and not closed',
  CSV_INVALID_CLOSING_QUOTE:
    'text follows a closing quote; a quote inside of a quoted value is written twice ("")',
  INVALID_OPENING_QUOTE:
    'a quote stands inside of a value that is not quoted; quote the value, and write the quote twice ("")',
};

/** Describes an error of csv-parse, by its code. */
export const csvProblem = ({ code, message }: { readonly code: string; readonly message: string }): string =>
  problems[code] ?? message;

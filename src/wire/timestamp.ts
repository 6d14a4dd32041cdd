const spelling =
  /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:Z| ?([+-])(\d\d):?(\d\d))$/i;

/** The widest offset of a time zone (XML Schema, part 2, 3.2.7). */
const widestOffset = 14 * 60;

/**
 * Reads a requestTimestamp, in milliseconds since 1970; undefined if it is none. Clients write ISO 8601 with an
 * offset (`-08:00`, `-0800`, `Z`), with or without a fraction of a second, or Ruby's `2026-11-23 18:40:06 +0000`.
 * A time without an offset is refused: it could be any of 26 hours.
 */
export function readTimestamp(text: string): number | undefined {
  const found = spelling.exec(text.trim());
  if (found === null) return undefined;
  const part = (index: number) => Number(found[index] ?? 0);
  const [year, month, day, hour, minute, second] = [1, 2, 3, 4, 5, 6].map(part) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const milliseconds = Number((found[7] ?? '').slice(0, 3).padEnd(3, '0'));
  const offset = part(9) * 60 + part(10);
  if (hour > 23 || minute > 59 || second > 59 || part(10) > 59 || offset > widestOffset) return undefined;

  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCFullYear() !== year || date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) {
    return undefined;
  }
  date.setUTCHours(hour, minute, second, milliseconds);
  return date.getTime() - (found[8] === '-' ? -offset : offset) * 60_000;
}

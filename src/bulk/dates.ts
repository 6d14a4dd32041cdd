import { DateTime } from 'luxon';

/** Reads dates as people write them. Returns ISO 8601, or the text as it is if it is no date of a known form. */
export interface DateReader {
  (text: string): string;
  /** The first date that could be read as month/day and as day/month; undefined: none so far. */
  readonly ambiguous: string | undefined;
}

/** Forms that are understood without `--date-format`. Slashes are American, dots European. */
const usualForms = ['M/d/yyyy', 'd.M.yyyy', 'd-MMM-yyyy', 'd MMM yyyy', 'MMM d, yyyy', 'yyyy/M/d'];

const ISO = /^\d{4}-\d\d-\d\d(?:$|[T ])/;
const DATE_AND_TIME =
  /^(.*\d)[,T ]\s*(\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?)\s*([AP]\.?M\.?)?\s*(Z|[+-]\d\d:?\d\d)?$/i;
const CACHED = 10_000;

/** `form`: Luxon's tokens (`dd.MM.yyyy`); undefined: the usual ones. */
export function createDateReader(form: string | undefined): DateReader {
  const forms = form === undefined ? usualForms : [form];
  const readsIso = !form?.startsWith('yyyy');
  const hasTime = form !== undefined && /[hHmt]/.test(form.replace(/'[^']*'/g, ''));
  const cache = new Map<string, string>();
  let ambiguous: string | undefined;

  function parse(text: string): DateTime | undefined {
    for (const each of forms) {
      const date = DateTime.fromFormat(text, each, { zone: 'utc', locale: 'en-US' });
      if (date.isValid) return date;
    }
    return undefined;
  }

  function convert(text: string): string {
    if (hasTime) return parse(text)?.toFormat("yyyy-MM-dd'T'HH:mm:ss.SSS") ?? text;
    const [, day = text, time, half, offset = ''] = DATE_AND_TIME.exec(text) ?? [];
    const date = parse(day.trim());
    if (date === undefined) return text;
    if (
      form === undefined &&
      /^\d+\/\d+\/\d{4}$/.test(day.trim()) &&
      date.day <= 12 &&
      date.day !== date.month
    ) {
      ambiguous ??= text;
    }
    const clock = time === undefined ? '' : clockOf(time, half);
    return clock === undefined ? text : `${date.toFormat('yyyy-MM-dd')}${clock}${clock && offset}`;
  }

  function read(text: string): string {
    if (readsIso && ISO.test(text)) return text;
    const known = cache.get(text);
    if (known !== undefined) return known;
    if (cache.size >= CACHED) cache.clear();
    const iso = convert(text);
    cache.set(text, iso);
    return iso;
  }

  return Object.defineProperty(read, 'ambiguous', { get: () => ambiguous }) as DateReader;
}

/** `2:05`, `PM` → `T14:05:00`; undefined: no clock shows that. */
function clockOf(time: string, half: string | undefined): string | undefined {
  const [hours = '', minutes = '', seconds = '00'] = time.split(':');
  let hour = Number(hours);
  if (half !== undefined) {
    if (hour < 1 || hour > 12) return undefined;
    hour = (hour % 12) + (/^p/i.test(half) ? 12 : 0);
  }
  return `T${String(hour).padStart(2, '0')}:${minutes}:${seconds}`;
}

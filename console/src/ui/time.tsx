const formats = {
  time: new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' }),
  day: new Intl.DateTimeFormat('en-GB', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  }),
};

const isToday = (date: Date) => date.toDateString() === new Date().toDateString();

/** A moment in the browser's time zone; its title is the UTC time of the API. */
export function Time({ at }: { readonly at: string | null | undefined }) {
  if (!at) return <span className="muted">unknown</span>;
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return <span>{at}</span>;
  return (
    <time dateTime={at} title={at} className="nowrap">
      {(isToday(date) ? formats.time : formats.day).format(date)}
    </time>
  );
}

/** Returns a duration with its unit. */
export function duration(milliseconds: number | null): string {
  if (milliseconds === null) return '';
  if (milliseconds < 10) return `${milliseconds.toFixed(1)} ms`;
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

import { randomUUID } from 'node:crypto';
import { type CallBurst, type CallCountTable, COUNTS_LEASE } from '../store.ts';
import { json, text, wholeNumber } from './sql.ts';
import type { Guard } from './transaction.ts';

/** Under which one server after the other joins. "mktp". */
const JOIN_LOCK = 0x6d6b7470;

/** A count is worth no wait for the disk, or for a standby: what a crash of the database loses is written again. */
const withoutWaiting = "SELECT set_config('synchronous_commit', 'off', true)";

const milliseconds = (count: number) => `interval '${count} milliseconds'`;
const moment = (time: number) => text(new Date(time).toISOString());

/**
 * The table `call_count`: a row for each start of a server, kept until it has been silent for two days. `now`:
 * milliseconds on a clock that never goes back.
 */
export function callCountTable(guard: Guard, now = () => performance.now()): CallCountTable {
  const server = text(randomUUID());
  let last: { readonly said: string; readonly at: number } | undefined;

  return {
    async join(day, taken) {
      const rows = await guard.write(async (transaction) => {
        const answers = await transaction.commit(
          `SELECT pg_advisory_xact_lock(${JOIN_LOCK})`,
          "DELETE FROM call_count WHERE written_at < clock_timestamp() - interval '2 days'",
          'INSERT INTO call_count (server, written_at, day, today, under_way, recent) ' +
            `SELECT ${server}, clock_timestamp(), ${moment(day)}::timestamptz, ` +
            `greatest(0, ${wholeNumber(taken)} - coalesce(sum(today), 0)), 0, '[]' ` +
            `FROM call_count WHERE day = ${moment(day)} RETURNING today`,
        );
        return answers[2];
      });
      return Number(rows?.[0]?.[0]);
    },

    async exchange(own) {
      const { day, today, underWay, recent } = own;
      const selectOthers =
        `SELECT coalesce(sum(today) FILTER (WHERE day = ${moment(day)}), 0), ` +
        'coalesce(sum(under_way) FILTER (WHERE written_at > clock_timestamp() - ' +
        `${milliseconds(COUNTS_LEASE)}), 0), ` +
        'json_agg(json_build_array(' +
        'round(1000 * extract(epoch FROM clock_timestamp() - written_at)), recent)) ' +
        "FILTER (WHERE written_at > clock_timestamp() - interval '1 minute' AND recent <> '[]') " +
        `FROM call_count WHERE server <> ${server}`;
      // Without a new call the recent ones only age, which they do by themselves.
      const said = `${day} ${today} ${underWay}`;
      const isNew = last?.said !== said || now() - last.at > COUNTS_LEASE / 4;
      const at = now();
      const answers = isNew
        ? await guard.write((transaction) =>
            transaction.commit(
              withoutWaiting,
              'INSERT INTO call_count (server, written_at, day, today, under_way, recent) VALUES ' +
                `(${server}, clock_timestamp(), ${moment(day)}, ${wholeNumber(today)}, ` +
                `${wholeNumber(underWay)}, ${json(recent)}) ON CONFLICT (server) DO UPDATE SET ` +
                'written_at = excluded.written_at, day = excluded.day, today = excluded.today, ' +
                'under_way = excluded.under_way, recent = excluded.recent',
              selectOthers,
            ),
          )
        : await guard.read(selectOthers);
      if (isNew) last = { said, at };
      const [othersToday, othersUnderWay, bursts] = answers.at(-1)?.[0] ?? [];
      return {
        day,
        today: Number(othersToday),
        underWay: Number(othersUnderWay),
        recent: aged(JSON.parse(bursts ?? '[]')),
      };
    },
  };
}

/** What each server said of its recent calls, and how long ago, as one list. */
const aged = (rows: readonly (readonly [ago: number, recent: readonly CallBurst[]])[]): CallBurst[] =>
  rows.flatMap(([since, recent]) => recent.map(([ago, calls]): CallBurst => [ago + since, calls]));

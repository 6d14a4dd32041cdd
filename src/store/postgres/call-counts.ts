import { randomUUID } from 'node:crypto';
import { type CallBurst, type CallCountTable, COUNTS_LEASE } from '../store.ts';
import { json, text, wholeNumber } from './sql.ts';
import type { Guard } from './transaction.ts';

/** Advisory lock that serializes the joining of servers: "mktp". */
const JOIN_LOCK = 0x6d6b7470;

/** Counts need no durability: the next write replaces what a crash of the database loses. */
const withoutWaiting = "SELECT set_config('synchronous_commit', 'off', true)";

const milliseconds = (count: number) => `interval '${count} milliseconds'`;
const moment = (time: number) => text(new Date(time).toISOString());

/**
 * Accesses the table `call_count`: one row per server start, removed after two days without an update. `now`:
 * milliseconds of a monotonic clock.
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
      // Without new calls nothing is written: the recent calls only age, which readers compute themselves.
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

/** Flattens the recent calls of several servers, adding the age of each report. */
const aged = (rows: readonly (readonly [ago: number, recent: readonly CallBurst[]])[]): CallBurst[] =>
  rows.flatMap(([since, recent]) => recent.map(([ago, calls]): CallBurst => [ago + since, calls]));

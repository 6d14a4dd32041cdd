import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createLimits,
  type Limits,
  marketoLimits,
  noLimits,
  type ServerLimits,
} from '../../src/access/limits.ts';
import { quotaDay, takenTodayBy } from '../../src/access/quota-day.ts';
import { BURST } from '../../src/access/rate-window.ts';
import { SoapFault } from '../../src/contract/faults.ts';
import type { JournalEntry } from '../../src/rules/facts.ts';
import { openStore } from '../../src/store/open.ts';
import type { CallCounts } from '../../src/store/store.ts';

const NOON = Date.parse('2026-06-15T17:00:00Z');

/** A clock that stands until it is moved. */
function clockAt(start: number) {
  const clock = { time: start, now: () => clock.time };
  return clock;
}

/** The code with which a call is refused; undefined: it was taken. */
function refusal(limits: Limits): number | undefined {
  try {
    limits.admit();
    return undefined;
  } catch (error) {
    if (error instanceof SoapFault) return error.code;
    throw error;
  }
}

function message(limits: Limits): string {
  try {
    limits.admit();
  } catch (error) {
    return (error as Error).message;
  }
  return 'taken';
}

describe('limits', () => {
  it('that are off take any number of calls', () => {
    const limits = createLimits(noLimits, { now: () => NOON });
    for (let call = 0; call < 20_000; call++) limits.admit();
  });

  it("of Marketo's are 10,000 a day, 100 in 20 seconds, 10 at once", () => {
    expect(marketoLimits).toEqual({ daily: 10_000, rate: 100, concurrency: 10 });
  });
});

describe('daily quota', () => {
  it('takes so many calls and not one more', () => {
    const limits = createLimits({ ...noLimits, daily: 3 }, { now: () => NOON });
    expect([1, 2, 3, 4, 5].map(() => refusal(limits))).toEqual([
      undefined,
      undefined,
      undefined,
      20015,
      20015,
    ]);
  });

  it('counts what was taken before the start', () => {
    const limits = createLimits({ ...noLimits, daily: 3 }, { now: () => NOON, takenToday: 2 });
    expect([refusal(limits), refusal(limits)]).toEqual([undefined, 20015]);
  });

  it('begins anew at midnight US Central, in summer', () => {
    const clock = clockAt(Date.parse('2026-06-16T04:59:59.999Z'));
    const limits = createLimits({ ...noLimits, daily: 1 }, clock);
    limits.admit();
    expect(refusal(limits)).toBe(20015);
    clock.time += 1;
    expect(refusal(limits)).toBeUndefined();
  });

  it('begins anew at midnight US Central, in winter', () => {
    const clock = clockAt(Date.parse('2026-01-16T05:59:59.999Z'));
    const limits = createLimits({ ...noLimits, daily: 1 }, clock);
    limits.admit();
    expect(refusal(limits)).toBe(20015);
    clock.time += 1;
    expect(refusal(limits)).toBeUndefined();
  });

  it('says how many calls there are and when the next day begins', () => {
    const limits = createLimits({ ...noLimits, daily: 1 }, { now: () => NOON });
    limits.admit();
    expect(message(limits)).toContain('All 1 calls');
    expect(message(limits)).toContain('2026-06-16T00:00:00-05:00');
  });
});

describe('rate limit', () => {
  it('takes so many calls in 20 seconds, and one more when the oldest is 20 seconds old', () => {
    const clock = clockAt(NOON);
    const limits = createLimits({ ...noLimits, rate: 2 }, clock);
    expect(refusal(limits)).toBeUndefined();
    clock.time += 5_000;
    expect(refusal(limits)).toBeUndefined();
    expect(refusal(limits)).toBe(20023);
    clock.time = NOON + 19_999;
    expect(refusal(limits)).toBe(20023);
    clock.time = NOON + 20_000;
    expect(refusal(limits)).toBeUndefined();
    expect(refusal(limits)).toBe(20023);
  });

  it('says how long to wait', () => {
    const clock = clockAt(NOON);
    const limits = createLimits({ ...noLimits, rate: 1 }, clock);
    limits.admit();
    clock.time += 12_340;
    expect(message(limits)).toContain('At most 1 calls are accepted in 20 seconds; the next one in 7.7 s');
  });

  it('is not stuck when the clock is set back', () => {
    const clock = clockAt(NOON);
    const limits = createLimits({ ...noLimits, rate: 1 }, clock);
    limits.admit();
    clock.time -= 3_600_000;
    expect(refusal(limits)).toBeUndefined();
  });

  it('never takes more than the limit in any 20 seconds, and refuses only when they are used', () => {
    const steps = fc.array(fc.nat({ max: 9_000 }), { maxLength: 60 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), steps, (rate, waits) => {
        const clock = clockAt(NOON);
        const limits = createLimits({ ...noLimits, rate }, clock);
        const taken: number[] = [];
        for (const wait of waits) {
          clock.time += wait;
          const recent = taken.filter((at) => clock.time - at < 20_000).length;
          const code = refusal(limits);
          expect(code).toBe(recent >= rate ? 20023 : undefined);
          if (code === undefined) taken.push(clock.time);
        }
      }),
    );
  });
});

describe('concurrency limit', () => {
  it('takes so many calls at once, and one more when one has ended', () => {
    const limits = createLimits({ ...noLimits, concurrency: 2 }, { now: () => NOON });
    const release = limits.admit();
    limits.admit();
    expect(refusal(limits)).toBe(20024);
    release();
    expect(refusal(limits)).toBeUndefined();
    expect(refusal(limits)).toBe(20024);
  });

  it('frees one place for a call that ends twice', () => {
    const limits = createLimits({ ...noLimits, concurrency: 1 }, { now: () => NOON });
    const release = limits.admit();
    release();
    limits.admit();
    release();
    expect(refusal(limits)).toBe(20024);
  });

  it('says how many are taken at once', () => {
    const limits = createLimits({ ...noLimits, concurrency: 1 }, { now: () => NOON });
    limits.admit();
    expect(message(limits)).toContain('At most 1 calls are accepted at once');
  });
});

describe('limits together', () => {
  it('are checked in the order quota, rate, concurrency', () => {
    const all = { daily: 1, rate: 1, concurrency: 1 };
    const used = (settings: typeof noLimits) => {
      const limits = createLimits(settings, { now: () => NOON });
      limits.admit();
      return refusal(limits);
    };
    expect(used(all)).toBe(20015);
    expect(used({ ...all, daily: undefined })).toBe(20023);
    expect(used({ ...all, daily: undefined, rate: undefined })).toBe(20024);
  });

  it('do not count a refused call', () => {
    const clock = clockAt(NOON);
    const limits = createLimits({ daily: 2, rate: 1, concurrency: undefined }, clock);
    limits.admit();
    for (let call = 0; call < 10; call++) expect(refusal(limits)).toBe(20023);
    clock.time += 20_000;
    expect(refusal(limits)).toBeUndefined();
    expect(refusal(limits)).toBe(20015);
  });
});

describe('the calls of other servers', () => {
  const others = (changes: Partial<CallCounts>): CallCounts => ({
    day: quotaDay(NOON).start,
    today: 0,
    underWay: 0,
    recent: [],
    ...changes,
  });

  it('count for the quota of their day only', () => {
    const clock = clockAt(Date.parse('2026-06-16T04:59:59.999Z'));
    const limits = createLimits({ ...noLimits, daily: 2 }, clock);
    limits.countOthers(others({ today: 1 }));
    expect([refusal(limits), refusal(limits)]).toEqual([undefined, 20015]);
    clock.time += 1;
    expect([refusal(limits), refusal(limits), refusal(limits)]).toEqual([undefined, undefined, 20015]);
  });

  it('leave the rate window when they are 20 seconds old', () => {
    const clock = clockAt(NOON);
    const limits = createLimits({ ...noLimits, rate: 3 }, clock);
    limits.countOthers(
      others({
        recent: [
          [15_000, 1],
          [18_000, 2],
        ],
      }),
    );
    expect(message(limits)).toContain('the next one in 2 s');
    clock.time += 1_999;
    expect(refusal(limits)).toBe(20023);
    clock.time += 1;
    expect([refusal(limits), refusal(limits), refusal(limits)]).toEqual([undefined, undefined, 20023]);
    clock.time += 3_000;
    expect([refusal(limits), refusal(limits)]).toEqual([undefined, 20023]);
  });

  it('count as under way until nothing was heard of them for 10 seconds', () => {
    const clock = clockAt(NOON);
    const limits = createLimits({ ...noLimits, concurrency: 2 }, clock);
    limits.countOthers(others({ underWay: 2 }));
    clock.time += 9_000;
    limits.countOthers(others({ underWay: 2 }));
    clock.time += 9_999;
    expect(refusal(limits)).toBe(20024);
    clock.time += 1;
    expect(refusal(limits)).toBeUndefined();
  });

  it('of which each one is told at once are limited as those of one server', () => {
    const steps = fc.array(fc.tuple(fc.nat({ max: 2 }), fc.nat({ max: 9_000 })), { maxLength: 60 });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 5, max: 40 }),
        steps,
        (rate, daily, calls) => {
          const clock = clockAt(NOON);
          const settings = { rate, daily, concurrency: undefined };
          const one = createLimits(settings, clock);
          const servers = [0, 1, 2].map(() => createLimits(settings, clock));
          for (const [server, wait] of calls) {
            clock.time += BURST + wait;
            for (const each of servers) each.countOthers(sumOf(servers.filter((other) => other !== each)));
            expect(refusal(servers[server] as ServerLimits)).toBe(refusal(one));
          }
        },
      ),
    );
  });

  const sumOf = (servers: readonly ServerLimits[]): CallCounts => {
    const counts = servers.map((server) => server.taken());
    return others({
      today: counts.reduce((sum, { today }) => sum + today, 0),
      recent: counts.flatMap(({ recent }) => recent),
    });
  };
});

describe('the calls of today', () => {
  const entry = (at: string, fault: number | null): JournalEntry => ({
    callId: '',
    at,
    userId: 'user',
    operation: 'syncMObjects',
    mode: null,
    address: null,
    fault,
    outcomeUnknown: false,
    rows: [],
  });

  it('are those in the journal since midnight US Central that no limit refused', async () => {
    const store = await openStore('sqlite::memory:');
    const { journal } = store;
    journal.note(entry('2026-06-15T04:59:59.999Z', null));
    journal.note(entry('2026-06-15T05:00:00.000Z', null));
    journal.note(entry('2026-06-15T06:00:00.000Z', 20019));
    for (const code of [20015, 20023, 20024]) journal.note(entry('2026-06-15T07:00:00.000Z', code));
    for (let call = 0; call < 1_200; call++) journal.note(entry('2026-06-15T08:00:00.000Z', null));
    await expect.poll(() => takenTodayBy(journal, NOON, 10_000)).toBe(1_202);
    await store.close();
  });

  it('have a call of unknown outcome once, although it can have two entries', async () => {
    const store = await openStore('sqlite::memory:');
    const applied = entry('2026-06-15T08:00:00.000Z', null);
    store.journal.note({ ...applied, callId: 'a' });
    store.journal.note({ ...applied, callId: 'a', fault: 20011, outcomeUnknown: true });
    store.journal.note({ ...applied, callId: 'b' });
    expect(await takenTodayBy(store.journal, NOON, 10_000)).toBe(2);
    await store.close();
  });

  it('are counted up to a time, if one is given', async () => {
    const store = await openStore('sqlite::memory:');
    const { journal } = store;
    for (const second of ['00', '01', '02']) journal.note(entry(`2026-06-15T08:00:${second}.000Z`, null));
    const until = Date.parse('2026-06-15T08:00:01.000Z');
    expect(await takenTodayBy(journal, NOON, 10_000, until)).toBe(2);
    await store.close();
  });

  it('are none in an empty journal', async () => {
    const store = await openStore('sqlite::memory:');
    expect(await takenTodayBy(store.journal, NOON, 10_000)).toBe(0);
    await store.close();
  });
});

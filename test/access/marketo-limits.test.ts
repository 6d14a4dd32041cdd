import { describe, expect, it } from 'vitest';
import { createLimits, type Limits, marketoLimits, noLimits } from '../../src/access/limits.ts';
import { SoapFault } from '../../src/contract/faults.ts';
import type { Store } from '../../src/store/store.ts';
import { envelope, faultCode, post, startTestServer, type TestServer } from '../server/test-server.ts';

/** Marketo's limits to the call (docs/behaviour.md#limits), with a clock that stands until it is moved. */
const NOON = Date.parse('2026-06-15T17:00:00Z');

function clockAt(start: number) {
  const clock = { time: start, now: () => clock.time };
  return clock;
}

/** How often a call is taken until one is refused, and the code of that; each is over at once. */
function takenUntilRefused(limits: Limits, most = 20_000): { taken: number; code: number | undefined } {
  for (let taken = 0; taken < most; taken++) {
    try {
      limits.admit()();
    } catch (error) {
      if (error instanceof SoapFault) return { taken, code: error.code };
      throw error;
    }
  }
  return { taken: most, code: undefined };
}

describe('100 calls in 20 seconds', () => {
  it('are taken at once, the next one not before the first is 20 seconds old, and then 100 again', () => {
    const clock = clockAt(NOON);
    const limits = createLimits({ ...noLimits, rate: marketoLimits.rate }, clock);
    expect(takenUntilRefused(limits)).toEqual({ taken: 100, code: 20023 });
    clock.time = NOON + 19_999;
    expect(takenUntilRefused(limits)).toEqual({ taken: 0, code: 20023 });
    clock.time = NOON + 20_000;
    expect(takenUntilRefused(limits)).toEqual({ taken: 100, code: 20023 });
  });

  it('go on for ever when one comes each 200 ms, and do not when one comes each 199 ms', () => {
    const reached = (step: number) => {
      const clock = clockAt(NOON);
      const limits = createLimits({ ...noLimits, rate: marketoLimits.rate }, clock);
      for (let call = 0; call < 1_000; call++) {
        if (takenUntilRefused(limits, 1).code !== undefined) return call;
        clock.time += step;
      }
      return 1_000;
    };
    expect(reached(200)).toBe(1_000);
    expect(reached(199)).toBe(100);
  });

  it('count over midnight', () => {
    const midnight = Date.parse('2026-06-16T05:00:00Z');
    const clock = clockAt(midnight - 1);
    const limits = createLimits(marketoLimits, clock);
    expect(takenUntilRefused(limits)).toEqual({ taken: 100, code: 20023 });
    clock.time = midnight;
    expect(takenUntilRefused(limits)).toEqual({ taken: 0, code: 20023 });
  });
});

describe('10,000 calls a day', () => {
  it('are taken as fast as the rate lets them, the next one not before midnight US Central', () => {
    const clock = clockAt(NOON);
    const limits = createLimits(marketoLimits, clock);
    for (let hundred = 0; hundred < 99; hundred++) {
      expect(takenUntilRefused(limits)).toEqual({ taken: 100, code: 20023 });
      clock.time += 20_000;
    }
    expect(takenUntilRefused(limits)).toEqual({ taken: 100, code: 20015 });
    clock.time = Date.parse('2026-06-16T04:59:59.999Z');
    expect(takenUntilRefused(limits)).toEqual({ taken: 0, code: 20015 });
    clock.time += 1;
    expect(takenUntilRefused(limits)).toEqual({ taken: 100, code: 20023 });
  });

  it.each([
    ['of 23 hours', '2026-03-08T06:00:00Z', 23],
    ['of 24 hours', '2026-03-09T05:00:00Z', 24],
    ['of 25 hours', '2026-11-01T05:00:00Z', 25],
  ])('are those of a day %s', (_length, start, hours) => {
    const clock = clockAt(Date.parse(start));
    const limits = createLimits({ ...noLimits, daily: 1 }, clock);
    expect(takenUntilRefused(limits)).toEqual({ taken: 1, code: 20015 });
    clock.time = Date.parse(start) + hours * 3_600_000 - 1;
    expect(takenUntilRefused(limits)).toEqual({ taken: 0, code: 20015 });
    clock.time += 1;
    expect(takenUntilRefused(limits)).toEqual({ taken: 1, code: 20015 });
  });
});

/** Keeps calls with the store until they are let go. */
function holding() {
  let letGo = () => {};
  const held = { underWay: 0, letGo: () => letGo() };
  const gate = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const between = (store: Store): Store =>
    Object.assign(Object.create(store) as Store, {
      apply: async (...call: Parameters<Store['apply']>) => {
        held.underWay++;
        await gate;
        return store.apply(...call);
      },
      close: () => store.close(),
    });
  return { held, between };
}

const codeOfCall = async (server: TestServer) => faultCode((await post(server, envelope())).text);

describe('over HTTP', () => {
  it('10 calls are taken at once, the 11th is refused, and one is taken when they are answered', async () => {
    const { held, between } = holding();
    const limits = createLimits({ ...noLimits, concurrency: marketoLimits.concurrency });
    const server = await startTestServer({ between, limits });
    const calls = Array.from({ length: 10 }, () => post(server, envelope()));
    await expect.poll(() => held.underWay).toBe(10);
    expect(await codeOfCall(server)).toBe(20024);
    expect(await codeOfCall(server)).toBe(20024);
    expect(held.underWay).toBe(10);
    held.letGo();
    expect((await Promise.all(calls)).map(({ status }) => status)).toEqual(calls.map(() => 200));
    expect(await codeOfCall(server)).toBeNaN();
    await server.remove();
  });

  it('100 calls are taken in 20 seconds, refused ones change nothing, and time lets in more', async () => {
    const clock = clockAt(NOON);
    const server = await startTestServer({ limits: createLimits(marketoLimits, clock) });
    for (let call = 0; call < 100; call++) expect(await codeOfCall(server)).toBeNaN();
    for (let call = 0; call < 3; call++) expect(await codeOfCall(server)).toBe(20023);
    expect((await server.store.contents()).opportunities).toHaveLength(100);
    clock.time += 20_000;
    expect(await codeOfCall(server)).toBeNaN();
    expect((await server.store.contents()).opportunities).toHaveLength(101);
    await server.remove();
  });
});

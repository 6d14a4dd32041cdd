import { setImmediate as nextTurn } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDurability } from '../../src/store/sqlite/durability.ts';
import { StoreError } from '../../src/store/store.ts';

/** A log whose syncs end when the test says so. */
function log() {
  const syncs: { end: () => void; fail: (error: Error) => void }[] = [];
  let rescues = 0;
  let canRescue = true;
  let isInPlace = true;
  const durability = createDurability({
    location: 'a.db',
    sync: () => new Promise<void>((resolve, reject) => void syncs.push({ end: resolve, fail: reject })),
    assertInPlace() {
      if (!isInPlace) throw new StoreError('the file was removed');
    },
    rescue() {
      if (!canRescue) throw new Error('no space');
      rescues += 1;
    },
    close() {},
  });
  return {
    durability,
    syncs,
    rescues: () => rescues,
    breakDown: () => {
      canRescue = false;
    },
    move: (back: boolean) => {
      isInPlace = back;
    },
    commit() {
      durability.committed();
      let isReached = false;
      const reached = durability.reached().then(() => {
        isReached = true;
      });
      reached.catch(() => {});
      return { reached, isReached: () => isReached };
    },
  };
}

describe('the durability of commits', () => {
  it('needs no sync where nothing was committed', async () => {
    const { durability, syncs } = log();
    await durability.reached();
    expect(syncs).toHaveLength(0);
  });

  it('is reached when a sync that began after the commit has ended', async () => {
    const { commit, syncs } = log();
    const call = commit();
    await nextTurn();
    expect(call.isReached()).toBe(false);
    syncs[0]?.end();
    await call.reached;
  });

  it('is not reached by a sync that had begun before the commit', async () => {
    const { commit, syncs } = log();
    commit();
    const second = commit();
    syncs[0]?.end();
    await nextTurn();
    expect(second.isReached()).toBe(false);
    syncs[1]?.end();
    await second.reached;
  });

  it('is brought about by one sync for all commits that came during the last', async () => {
    const { commit, syncs } = log();
    const calls = Array.from({ length: 10 }, commit);
    syncs[0]?.end();
    await nextTurn();
    syncs[1]?.end();
    await Promise.all(calls.map(({ reached }) => reached));
    expect(syncs).toHaveLength(2);
  });

  it('is unknown after a failed sync', async () => {
    const { commit, syncs } = log();
    const call = commit();
    syncs[0]?.fail(new Error('EIO: i/o error, fdatasync'));
    await expect(call.reached).rejects.toMatchObject({ name: 'StoreError', outcomeUnknown: true });
  });

  it('is brought about after a failed sync by the database file, not by another sync', async () => {
    const { commit, syncs, durability, rescues } = log();
    commit();
    syncs[0]?.fail(new Error('EIO'));
    await nextTurn();
    durability.assertSound();
    expect([rescues(), syncs.length]).toEqual([1, 1]);
    await durability.reached();
  });

  it('stays out of reach, and writing is refused, while the disk does not work', async () => {
    const { commit, syncs, durability, breakDown } = log();
    commit();
    syncs[0]?.fail(new Error('EIO'));
    breakDown();
    await nextTurn();
    expect(durability.assertSound).toThrow('nothing is written until then');
    await expect(durability.reached()).rejects.toMatchObject({ name: 'StoreError' });
  });

  it('is unknown, too, of a commit whose turn to be synced came after another sync had failed', async () => {
    const { commit, syncs, breakDown } = log();
    commit();
    const second = commit();
    breakDown();
    syncs[0]?.fail(new Error('EIO'));
    await expect(second.reached).rejects.toMatchObject({ name: 'StoreError', outcomeUnknown: true });
  });

  it('is unknown where the files were not in their place after the sync', async () => {
    const { commit, syncs, move } = log();
    const call = commit();
    move(false);
    syncs[0]?.end();
    await expect(call.reached).rejects.toMatchObject({ name: 'StoreError', outcomeUnknown: true });
  });

  it('is out of reach, and writing is refused, until the files are back in their place', async () => {
    const { commit, syncs, move, durability } = log();
    commit();
    move(false);
    syncs[0]?.end();
    await nextTurn();
    expect(durability.assertSound).toThrow('the file was removed');
    move(true);
    durability.assertSound();
    const reached = durability.reached();
    syncs[1]?.end();
    await reached;
  });

  it('is never reached before a sync that began later than the commit, in whatever order things happen', async () => {
    const steps = fc.array(fc.constantFrom('commit', 'end'), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(steps, async (order) => {
        const { commit, syncs } = log();
        const calls: { begunBefore: number; call: ReturnType<typeof commit> }[] = [];
        let ended = 0;
        for (const step of order) {
          if (step === 'commit') calls.push({ begunBefore: syncs.length, call: commit() });
          else if (ended < syncs.length) syncs[ended++]?.end();
          await nextTurn();
          for (const { begunBefore, call } of calls) {
            if (call.isReached()) expect(ended).toBeGreaterThan(begunBefore);
          }
        }
        while (ended < syncs.length) {
          syncs[ended++]?.end();
          await nextTurn();
        }
        expect(calls.every(({ call }) => call.isReached())).toBe(true);
      }),
    );
  });
});

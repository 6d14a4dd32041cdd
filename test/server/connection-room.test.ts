import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createConnectionRoom } from '../../src/server/connection-room.ts';

const caps = {
  maxConnections: 4,
  maxConnectionsPerAddress: 3,
  isProxy: (address: string) => address === 'proxy',
};
const room = () => createConnectionRoom<string>(caps);

/** A room with these connections of an address in it, busy ones in capitals. */
function filled(address: string, ...connections: string[]) {
  const made = room();
  for (const connection of connections) {
    made.enter(connection, address);
    made.setBusy(connection, connection === connection.toUpperCase());
  }
  return made;
}

describe('the room for connections', () => {
  it('takes as many of an address as its cap says, and for one more ends the one that is idle longest', () => {
    const made = filled('a', 'x', 'y', 'z');
    made.setBusy('x', true);
    made.setBusy('x', false);
    expect(made.enter('new', 'a')).toEqual({ ended: 'y' });
    expect(made.size).toBe(3);
  });

  it('has none for one more of an address whose connections are all busy', () => {
    const made = filled('a', 'X', 'Y', 'Z');
    expect(made.enter('new', 'a')).toEqual({ full: 'maxConnectionsPerAddress' });
    expect(made.enter('other', 'b')).toEqual({ ended: undefined });
  });

  it('takes as many as the cap of all says, and for one more ends one of the address that has most idle ones', () => {
    const made = filled('a', 'x', 'y');
    made.enter('p', 'b');
    made.enter('q', 'c');
    expect(made.enter('new', 'd')).toEqual({ ended: 'x' });
  });

  it('has none for one more when all are busy', () => {
    const made = filled('a', 'X', 'Y');
    for (const name of ['P', 'Q']) {
      made.enter(name, 'b');
      made.setBusy(name, true);
    }
    expect(made.enter('new', 'c')).toEqual({ full: 'maxConnections' });
    made.leave('X');
    expect(made.enter('new', 'c')).toEqual({ ended: undefined });
  });

  it('does not count the connections of a proxy for an address', () => {
    expect(filled('proxy', 'X', 'Y', 'Z').enter('new', 'proxy')).toEqual({ ended: undefined });
  });

  it('never holds more than its caps, nor ends a busy connection', () => {
    const step = fc.record({
      kind: fc.constantFrom('enter', 'busy', 'idle', 'leave'),
      at: fc.nat(30),
      from: fc.nat(2),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const made = createConnectionRoom<number>(caps);
        const inside = new Map<number, { from: number; busy: boolean }>();
        steps.forEach(({ kind, at, from }, serial) => {
          const chosen = [...inside.keys()][at % Math.max(1, inside.size)];
          if (kind === 'enter') {
            const entered = made.enter(serial, String(from));
            if ('full' in entered) {
              const rivals = [...inside.values()].filter(
                (one) => entered.full === 'maxConnections' || one.from === from,
              );
              expect(rivals.every(({ busy }) => busy)).toBe(true);
            } else {
              if (entered.ended !== undefined) {
                expect(inside.get(entered.ended)?.busy).toBe(false);
                inside.delete(entered.ended);
              }
              inside.set(serial, { from, busy: false });
            }
          } else if (chosen !== undefined) {
            if (kind === 'leave') {
              made.leave(chosen);
              inside.delete(chosen);
            } else {
              made.setBusy(chosen, kind === 'busy');
              inside.set(chosen, { from: inside.get(chosen)?.from ?? 0, busy: kind === 'busy' });
            }
          }
          expect(made.size).toBe(inside.size);
          expect(inside.size).toBeLessThanOrEqual(caps.maxConnections);
          for (const address of [0, 1, 2]) {
            const own = [...inside.values()].filter((one) => one.from === address).length;
            expect(own).toBeLessThanOrEqual(caps.maxConnectionsPerAddress);
          }
        });
      }),
    );
  });
});

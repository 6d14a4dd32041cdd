import { readdirSync, readFileSync } from 'node:fs';

/** Ticks of the kernel's clock in a second, the same on every Linux. */
const TICKS = 100;

/**
 * CPU seconds that a PostgreSQL has taken since it was started, user and system: of its first process, of those that it
 * has, and of those that have ended. Read from Linux's /proc.
 */
export function postgresCpu(pid: number): number {
  let ticks = 0;
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const stat = statOf(entry);
    if (stat === undefined) continue;
    if (Number(entry) === pid) ticks += stat.own + stat.ended;
    else if (stat.parent === pid) ticks += stat.own;
  }
  return ticks / TICKS;
}

/** Undefined: it has ended meanwhile. */
function statOf(pid: string) {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return undefined;
  }
  // After the name of the program, which may contain anything: state, parent, … (proc(5)).
  const [, parent, , , , , , , , , , user, system, endedUser, endedSystem] = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const sum = (...parts: (number | undefined)[]) => parts.reduce<number>((a, b) => a + (b ?? 0), 0);
  return { parent, own: sum(user, system), ended: sum(endedUser, endedSystem) };
}

import { printable } from '../server/printable.ts';
import type { CheckResult } from '../store/check/report.ts';

/** Formats a result: one line for the check with its counts, then one for each note and fault. */
export function checkText({ name, examined, notes, faults, faultCount }: CheckResult): string {
  const numbers = Object.entries(examined).map(([what, number]) => `${what} ${number}`);
  const state = faultCount === 0 ? 'ok' : faultCount === 1 ? '1 fault' : `${faultCount} faults`;
  const lines = [
    numbers.length === 0 ? `${name}: ${state}` : `${name}: ${state} (${numbers.join(', ')})`,
    ...notes.map((note) => `  note: ${note}`),
    ...faults.map(
      ({ where, found, expected, remedy }) => `  fault: ${where}: ${found}; expected ${expected}; ${remedy}`,
    ),
  ];
  if (faultCount > faults.length) lines.push(`  and ${faultCount - faults.length} more`);
  return lines.map((line) => `${printable(line)}\n`).join('');
}

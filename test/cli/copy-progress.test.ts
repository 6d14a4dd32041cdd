import { expect, it } from 'vitest';
import { progressLines } from '../../src/cli/copy-progress.ts';
import type { CopyStep } from '../../src/store/copy.ts';

/** What is written while the rows of a section come in, one step every `every` milliseconds. */
function shown(isTTY: boolean, every: number, before: CopyStep[] = []): string {
  let out = '';
  let clock = 0;
  const write = (text: string | Uint8Array) => {
    out += String(text);
    return true;
  };
  const progress = progressLines({ write, isTTY, columns: 60 }, 'a to b', () => clock);
  for (const step of before) progress.report(step);
  for (let rows = 0; rows <= 2000; rows += 500) {
    progress.report({ kind: 'copying', section: 'opportunities', rows, total: 2000 });
    clock += every;
  }
  progress.end();
  return out;
}

it('a terminal has one line that is drawn over itself, and taken away at the end', () => {
  const out = shown(true, 200);
  expect(out).not.toContain('\n');
  expect(out).toContain('\rcopying opportunities: 1,000 of 2,000 [######.......] 50 %');
  expect(out).toMatch(/\r {20,}\r$/);
  for (const drawn of out.split('\r')) expect(drawn.length).toBeLessThan(60);
});

it('without a terminal there is a plain line for each section, and one now and then', () => {
  expect(shown(false, 200)).toBe('copying opportunities: 0 of 2,000\n');
  expect(shown(false, 6000).split('\n')).toEqual([
    'copying opportunities: 0 of 2,000',
    'copying opportunities: 1,000 of 2,000',
    'copying opportunities: 2,000 of 2,000',
    '',
  ]);
});

it('a copy that is gone on with says how much is there', () => {
  const out = shown(false, 1, [{ kind: 'begun', rows: 1500, total: 2000 }]);
  expect(out).toMatch(/^resuming the copy of a to b: 1,500 of 2,000 rows are already copied\n/);
});

it('a section without rows has no line', () => {
  const out = shown(false, 1, [{ kind: 'copying', section: 'leads', rows: 0, total: 0 }]);
  expect(out).not.toContain('leads');
});

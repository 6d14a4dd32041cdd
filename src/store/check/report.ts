/** Something in a database that is not as it must be. The four parts make one line. */
export interface Fault {
  /** Which table, object, field: where to look. */
  readonly where: string;
  readonly found: string;
  readonly expected: string;
  /** What to do about it. */
  readonly remedy: string;
}

/** What one check came to. */
export interface CheckResult {
  readonly name: string;
  /** What was looked at, and how much of it: "opportunities" → 120. */
  readonly examined: Readonly<Record<string, number>>;
  /** What is no fault, but good to know. */
  readonly notes: readonly string[];
  /** The first faults, at most `FAULTS_KEPT`. */
  readonly faults: readonly Fault[];
  /** How many there are. */
  readonly faultCount: number;
}

/** So many faults of a check are kept; the others are only counted, so that memory stays bounded. */
export const FAULTS_KEPT = 100;

/** Collects what a check finds. */
export interface Findings {
  examined(what: string, number: number): void;
  note(text: string): void;
  fault(fault: Fault): void;
  /** Adds faults that were counted and not kept. */
  further(number: number): void;
  result(): CheckResult;
}

/** Findings of the check of this name, none yet. */
export function createFindings(name: string): Findings {
  const examined: Record<string, number> = {};
  const notes: string[] = [];
  const faults: Fault[] = [];
  let faultCount = 0;
  return {
    examined(what, number) {
      examined[what] = (examined[what] ?? 0) + number;
    },
    note: (text) => void notes.push(text),
    fault(fault) {
      faultCount += 1;
      if (faults.length < FAULTS_KEPT) faults.push(fault);
    },
    further(number) {
      faultCount += number;
    },
    result: () => ({ name, examined, notes, faults, faultCount }),
  };
}

/** Where nothing in the database says what is right. */
export const restore = 'restore the database from a backup';

/** Where a record has to be put right by hand. */
export const correct = 'correct it with SQL while no server runs, or restore a backup';

/** A fault in a database. The four parts are printed in one line. */
export interface Fault {
  /** The table, object and field. */
  readonly where: string;
  readonly found: string;
  readonly expected: string;
  /** The way to repair it. */
  readonly remedy: string;
}

/** The result of one check. */
export interface CheckResult {
  readonly name: string;
  /** Numbers of examined items: "opportunities" → 120. */
  readonly examined: Readonly<Record<string, number>>;
  /** Observations that are not faults. */
  readonly notes: readonly string[];
  /** The first faults, at most `FAULTS_KEPT`. */
  readonly faults: readonly Fault[];
  /** The number of all faults. */
  readonly faultCount: number;
}

/** Faults kept for each check. Further ones are only counted, which bounds memory. */
export const FAULTS_KEPT = 100;

/** Collects the findings of a check. */
export interface Findings {
  examined(what: string, number: number): void;
  note(text: string): void;
  fault(fault: Fault): void;
  /** Adds faults that were counted and not kept. */
  further(number: number): void;
  result(): CheckResult;
}

/** Creates empty findings for the named check. */
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

/** The remedy if the database does not show the right value. */
export const restore = 'restore the database from a backup';

/** The remedy if a record has to be corrected by hand. */
export const correct = 'correct it with SQL while no server runs, or restore a backup';

/** Lets in work as long as its weight and that of what is inside stay below a limit; the rest waits in order. */
export interface MemoryGate {
  /** Does the work when its turn has come. */
  pass<Result>(weight: number, work: () => Promise<Result>): Promise<Result>;
}

/** `limit`: what weighs more has its turn when nothing else is inside. */
export function createMemoryGate(limit: number): MemoryGate {
  const waiting: { readonly weight: number; readonly enter: () => void }[] = [];
  let inside = 0;

  function letIn(): void {
    for (let next = waiting[0]; next && (inside === 0 || inside + next.weight <= limit); next = waiting[0]) {
      waiting.shift();
      inside += next.weight;
      next.enter();
    }
  }

  return {
    async pass(weight, work) {
      await new Promise<void>((enter) => {
        waiting.push({ weight, enter });
        letIn();
      });
      try {
        return await work();
      } finally {
        inside -= weight;
        letIn();
      }
    },
  };
}

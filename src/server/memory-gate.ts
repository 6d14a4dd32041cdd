/** Admits work while its weight and that of admitted work stay within a limit. The rest waits in order. */
export interface MemoryGate {
  /** Runs the work once it is admitted. */
  pass<Result>(weight: number, work: () => Promise<Result>): Promise<Result>;
}

/** `limit`: heavier work is admitted alone. */
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

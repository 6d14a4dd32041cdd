import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client';
import type { CallTrace } from './call.ts';

/** What the server counts, in a registry of its own. */
export interface Metrics {
  /** Counts a call that has ended. `seconds`: from its headers to the end of its answer. */
  count(trace: CallTrace, seconds: number): void;
  /** Prometheus' text format. */
  text(): Promise<string>;
  readonly contentType: string;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const calls = new Counter({
    name: 'mktows_calls_total',
    help: 'SOAP calls by operation and outcome (answered, fault)',
    labelNames: ['operation', 'outcome'],
    registers,
  });
  const rows = new Counter({
    name: 'mktows_rows_total',
    help: 'Rows of answers by status',
    labelNames: ['operation', 'status'],
    registers,
  });
  const faults = new Counter({
    name: 'mktows_faults_total',
    help: 'Calls that ended with a SOAP fault, by its code',
    labelNames: ['code'],
    registers,
  });
  const duration = new Histogram({
    name: 'mktows_call_duration_seconds',
    help: 'Time from the headers of a SOAP call to the end of its answer',
    labelNames: ['operation'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers,
  });

  return {
    count(trace, seconds) {
      // Names that clients make up would be labels without end.
      const operation = trace.known && trace.operation !== null ? trace.operation : 'unknown';
      calls.inc({ operation, outcome: trace.fault ? 'fault' : 'answered' });
      if (trace.fault) faults.inc({ code: trace.fault.code });
      for (const [status, count] of trace.rows) rows.inc({ operation, status }, count);
      duration.observe({ operation }, seconds);
    },
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}

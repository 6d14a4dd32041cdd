import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { CallTrace } from './call-trace.ts';
import { lostLogLines } from './log.ts';

/**
 * The caps that apply outside of a message. Each is an option of `serve`, `--max-…` or `--…-timeout`, except
 * `pipelined`: too many requests sent before earlier ones were answered.
 */
export type RefusalCap =
  | 'connections'
  | 'connections-per-address'
  | 'headers'
  | 'header-timeout'
  | 'body'
  | 'bodies'
  | 'answers'
  | 'body-timeout'
  | 'answer-timeout'
  | 'pipelined';

/** Values that are read when the metrics are requested. */
export interface Readings {
  readonly connections: () => number;
  /** Bytes of bodies that count against their cap. */
  readonly bodiesBytes: () => number;
  /** Bytes of answers that count against their cap. */
  readonly answersBytes: () => number;
}

/** The counters of a server, in a registry of their own. */
export interface Metrics {
  /** Counts a finished call. `seconds`: from its headers to the end of its answer. */
  count(trace: CallTrace, seconds: number): void;
  /** Counts a request or connection that exceeded a cap. */
  refused(cap: RefusalCap): void;
  /** Counts an idle connection that was closed to make room. */
  connectionEnded(): void;
  /** Sets the source of the current values. */
  reads(readings: Readings): void;
  /** Returns all metrics in Prometheus' text format. */
  text(): Promise<string>;
  readonly contentType: string;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  function gauge(name: string, help: string, read: () => number): void {
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  }
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

  const refusals = new Counter({
    name: 'mktows_refused_total',
    help: 'Connections and requests that met a cap, by the option that sets it, or pipelined',
    labelNames: ['cap'],
    registers,
  });
  const ended = new Counter({
    name: 'mktows_idle_connections_ended_total',
    help: 'Idle connections that were ended to make room for new ones',
    registers,
  });

  new Counter({
    name: 'mktows_log_lines_lost_total',
    help: 'Lines of the log that could not be written, or that nobody read in time',
    registers,
    collect() {
      this.reset();
      this.inc(lostLogLines());
    },
  });

  return {
    refused: (cap) => refusals.inc({ cap }),
    connectionEnded: () => ended.inc(),
    reads({ connections, bodiesBytes, answersBytes }) {
      gauge('mktows_connections', 'Open connections', connections);
      gauge('mktows_bodies_bytes', 'Bytes of bodies in memory that count against --max-bodies', bodiesBytes);
      gauge(
        'mktows_answers_bytes',
        'Bytes of answers in memory that count against --max-answers',
        answersBytes,
      );
    },
    count(trace, seconds) {
      // Unknown names share a label: clients could make up any number of them.
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

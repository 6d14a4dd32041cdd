import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { faults } from '../src/contract/faults.ts';
import { createMetrics } from '../src/server/metrics.ts';

const read = (name: string) => readFileSync(new URL(`../deploy/${name}`, import.meta.url), 'utf8');

interface Dashboard {
  readonly panels: readonly {
    readonly id: number;
    readonly title: string;
    readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
    readonly targets: readonly { readonly expr: string }[];
  }[];
}

interface Rules {
  readonly groups: readonly {
    readonly rules: readonly {
      readonly alert: string;
      readonly expr: string;
      readonly annotations: { readonly summary: string; readonly description: string };
    }[];
  }[];
}

const { panels } = JSON.parse(read('grafana-dashboard.json')) as Dashboard;
const rules = (parse(read('prometheus-alerts.yaml')) as Rules).groups.flatMap((group) => group.rules);
const expressions = [
  ...panels.flatMap(({ title, targets }) => targets.map(({ expr }) => ({ title, expr }))),
  ...rules.map(({ alert, expr }) => ({ title: alert, expr })),
];

/** Returns the names of a server's metrics, those of histograms in all their forms. */
async function metricNames(): Promise<ReadonlySet<string>> {
  const metrics = createMetrics();
  metrics.reads({ connections: () => 0, bodiesBytes: () => 0, answersBytes: () => 0 });
  const types = (await metrics.text()).matchAll(/^# TYPE (\S+) (\S+)$/gm);
  return new Set(
    Array.from(types).flatMap(([, name = '', type]) =>
      type === 'histogram' ? ['_bucket', '_sum', '_count'].map((suffix) => name + suffix) : [name],
    ),
  );
}

describe('the dashboard and the alerts', () => {
  it.each(expressions)('$title uses metrics that there are', async ({ expr }) => {
    const names = await metricNames();
    const used = expr.match(/\b(?:mktows|process|nodejs)_\w+/g) ?? (/^up\b/.test(expr) ? [] : ['none']);
    expect(used.filter((name) => !names.has(name))).toEqual([]);
  });

  it('name faults that there are', () => {
    const used = expressions.flatMap(({ expr }) => expr.match(/\b20\d{3}\b/g) ?? []);
    expect(used.filter((code) => !(code in faults))).toEqual([]);
  });

  it('have panels that lie side by side', () => {
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)} ${y + Math.floor(cell / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  });

  it('have alerts that say what to do', () => {
    expect(rules.filter(({ annotations }) => !annotations.summary || !annotations.description)).toEqual([]);
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
  });
});

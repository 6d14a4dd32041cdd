import Type from 'typebox';
import { declarationOf } from '../records/all.ts';
import type { BrowseTotal, TotalsQuery } from '../store/browsing.ts';
import { columnsOf, ownerColumn, partColumns, type TableColumn } from '../store/columns.ts';
import type { Store } from '../store/store.ts';
import { type Answered, cached } from './cached.ts';
import type { AdminContext } from './context.ts';
import { browse } from './object-routes.ts';
import { type AdminRoute, adminRoute, closed, orNull } from './route.ts';

function columnIn(columns: readonly TableColumn[], name: string): TableColumn {
  const found = columns.find((each) => each.name === name);
  if (found === undefined) throw new TypeError(`no column ${name}`);
  return found;
}

const opportunityColumns = columnsOf(declarationOf.Opportunity);
const pipelineQuery: TotalsQuery = {
  table: declarationOf.Opportunity.table,
  by: columnIn(opportunityColumns, 'stage'),
  sum: columnIn(opportunityColumns, 'amount'),
};

const { costs } = declarationOf.Program.parts;
if (costs?.kind !== 'rows') throw new TypeError('programs have no costs');
const costColumns = partColumns(costs, declarationOf.Program);
const costsQuery: TotalsQuery = {
  table: costs.table,
  by: columnIn(costColumns, 'month'),
  sum: columnIn(costColumns, 'amount'),
};

type Totals = () => Promise<Answered<BrowseTotal[]>>;
const reports = new WeakMap<Store, { readonly pipeline: Totals; readonly costs: Totals }>();

function reportsOf({ store, now }: AdminContext) {
  const totals = (query: TotalsQuery) => cached(() => browse(() => store.browsing.totals(query)), now);
  const made = reports.get(store) ?? { pipeline: totals(pipelineQuery), costs: totals(costsQuery) };
  reports.set(store, made);
  return made;
}

const at = Type.String({ description: 'when it was computed; of large tables, a short time ago' });

/** Sums of amounts have digits that no amount has. */
const cents = (sum: number): number => Math.round(sum * 100) / 100;

const pipeline = adminRoute({
  method: 'GET',
  path: '/reports/pipeline',
  summary: 'Counts opportunities and sums their amounts, by stage',
  tag: 'reports',
  answer: closed({
    at,
    stages: Type.Array(
      closed({
        stage: orNull(Type.String({ description: 'null: without a stage' })),
        opportunities: Type.Integer(),
        amount: Type.Number(),
      }),
    ),
  }),
  handle: async (_request, context) => {
    const { value, at: made } = await reportsOf(context).pipeline();
    const stages = value.map(({ value: stage, rows, sum }) => ({
      stage: stage === null ? null : String(stage),
      opportunities: rows,
      amount: cents(sum),
    }));
    return { at: made.toISOString(), stages };
  },
});

const costReport = adminRoute({
  method: 'GET',
  path: '/reports/costs',
  summary: 'Sums the costs of a program, or of all programs, by month',
  tag: 'reports',
  query: closed({ programId: Type.Optional(Type.Integer({ minimum: 1 })) }),
  answer: closed({
    at,
    months: Type.Array(
      closed({
        month: Type.String({ description: 'YYYY-MM' }),
        costs: Type.Integer(),
        amount: Type.Number(),
      }),
    ),
  }),
  handle: async ({ query: { programId } }, context) => {
    const ofOne = { column: ownerColumn(declarationOf.Program), id: programId ?? 0 };
    const { value, at: made } =
      programId === undefined
        ? await reportsOf(context).costs()
        : {
            value: await browse(() => context.store.browsing.totals({ ...costsQuery, only: ofOne })),
            at: context.now(),
          };
    const months = value.map(({ value: month, rows, sum }) => ({
      month: String(month).slice(0, 7),
      costs: rows,
      amount: cents(sum),
    }));
    return { at: made.toISOString(), months };
  },
});

/** The routes of reports. */
export const reportRoutes: readonly AdminRoute[] = [pipeline, costReport];

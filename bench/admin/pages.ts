import { PROGRAMS, type Sizes, STAGES } from './fill.ts';

/** A request of the admin API. */
export interface PageRequest {
  /** Below /api/v1. */
  readonly path: string;
  /** Sent as JSON with POST. */
  readonly body?: object;
  /** The expected status; 200 if missing. */
  readonly status?: number;
}

/** A page of the console, and a request that it makes; another one in each round. */
export interface PageCase {
  readonly page: string;
  readonly what: string;
  /** False: a page of this kind may take longer (docs/admin.md#objects). */
  readonly isBounded?: false;
  request(round: number): PageRequest;
}

const query = (path: string, parameters: Readonly<Record<string, string>>): PageRequest => ({
  path: `${path}?${new URLSearchParams(parameters)}`,
});

/** The requests of all pages, for a database of these sizes. */
export function pageCases({ opportunities, leads, calls }: Sizes): readonly PageCase[] {
  /** A number up to `most`, another one in each round. */
  const some = (round: number, most: number) => ((round * 7919 + 4801) % most) + 1;
  const days = (count: number) => new Date(Date.now() - count * 86_400_000).toISOString();
  const stage = (round: number) => `Stage:eq:Stage ${round % STAGES}`;
  return [
    { page: 'Overview', what: 'last day', request: () => ({ path: '/overview' }) },
    { page: 'Overview', what: 'last 30 days', request: () => query('/overview', { since: days(30) }) },
    { page: 'Calls', what: 'newest', request: () => ({ path: '/calls' }) },
    { page: 'Calls', what: 'FAILED rows', request: () => query('/calls', { status: 'FAILED' }) },
    { page: 'Calls', what: 'any fault', request: () => query('/calls', { fault: 'any' }) },
    { page: 'Calls', what: 'of one user', request: () => query('/calls', { user: 'bench_1' }) },
    { page: 'Calls', what: 'of a user without calls', request: () => query('/calls', { user: 'nobody' }) },
    {
      page: 'Calls',
      what: 'a day a week ago',
      request: () => query('/calls', { since: days(8), until: days(7) }),
    },
    {
      page: 'Calls',
      what: 'with a text that few have',
      request: (round) => query('/calls', { text: `ext-${some(round, opportunities)}` }),
    },
    { page: 'Call', what: 'one', request: (round) => ({ path: `/calls/${some(round, calls)}` }) },
    { page: 'Objects', what: 'types', request: () => ({ path: '/types' }) },
    { page: 'Objects', what: 'opportunities', request: () => ({ path: '/objects/Opportunity' }) },
    {
      page: 'Objects',
      what: 'opportunities of a stage',
      request: (round) => query('/objects/Opportunity', { where: stage(round) }),
    },
    {
      page: 'Objects',
      what: 'opportunities with a text',
      request: (round) => query('/objects/Opportunity', { search: `ext-${some(round, opportunities)}` }),
    },
    {
      page: 'Objects',
      what: 'opportunity of an external key',
      request: (round) =>
        query('/objects/Opportunity', { where: `ExtId:eq:ext-${some(round, opportunities)}` }),
    },
    {
      page: 'Objects',
      what: 'opportunities by Name',
      isBounded: false,
      request: () => query('/objects/Opportunity', { sort: 'Name' }),
    },
    {
      page: 'Objects',
      what: 'opportunities by Amount, which has no index',
      isBounded: false,
      request: () => query('/objects/Opportunity', { sort: '-Amount' }),
    },
    {
      page: 'Objects',
      what: 'leads with a text',
      request: (round) => query('/objects/Lead', { search: `lead-${some(round, leads)}@` }),
    },
    {
      page: 'Object',
      what: 'an opportunity',
      request: (round) => ({ path: `/objects/Opportunity/${some(round, opportunities)}` }),
    },
    {
      page: 'Object',
      what: 'its history',
      request: (round) => ({ path: `/objects/Opportunity/${some(round, opportunities)}/history` }),
    },
    { page: 'Object', what: 'a lead', request: (round) => ({ path: `/objects/Lead/${some(round, leads)}` }) },
    {
      page: 'Object',
      what: 'a program',
      request: (round) => ({ path: `/objects/Program/${some(round, PROGRAMS)}` }),
    },
    {
      page: 'Object',
      what: "a program's costs by month",
      request: (round) => query('/reports/costs', { programId: String(some(round, PROGRAMS)) }),
    },
    { page: 'Objects', what: 'pipeline', request: () => ({ path: '/reports/pipeline' }) },
    { page: 'Instance', what: 'fields', request: () => ({ path: '/fields' }) },
    { page: 'Instance', what: 'tags', request: () => ({ path: '/tags' }) },
    {
      page: 'Instance',
      what: 'the whole file, which is too large',
      request: () => ({ path: '/instance', status: 409 }),
    },
    {
      page: 'Instance',
      what: 'a file of 500 leads, checked',
      request: () => ({ path: '/instance/check', body: { instance: { leads: leadsFrom(1) } } }),
    },
    {
      page: 'Instance',
      what: 'a file of 500 leads, applied',
      request: (round) => ({
        path: '/instance/apply',
        body: { instance: { leads: leadsFrom(leads + 1 + round * 500) } },
      }),
    },
    {
      page: 'Instance',
      what: 'an exact file checked, for which there is too much',
      request: () => ({ path: '/instance/check', body: { instance: {}, exact: true }, status: 409 }),
    },
    { page: 'Users', what: 'list', request: () => ({ path: '/users' }) },
    { page: 'Settings', what: 'list', request: () => ({ path: '/settings' }) },
    { page: 'Snapshots', what: 'list', request: () => ({ path: '/snapshots' }) },
  ];
}

const leadsFrom = (first: number) =>
  Array.from({ length: 500 }, (_, index) => ({
    id: first + index,
    email: `file-${first + index}@example.com`,
  }));

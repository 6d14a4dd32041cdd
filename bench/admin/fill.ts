import { fieldValues } from '../../src/records/field-values.ts';
import type { JournalRow } from '../../src/rules/facts.ts';
import { HOUR, MINUTE, type SpanCounts } from '../../src/server/traffic-counts.ts';
import { openTarget } from '../../src/store/open.ts';
import type { SectionName, SectionReader, SectionRows } from '../../src/store/sections.ts';
import type { KeptJournalEntry } from '../../src/store/store.ts';

/** The numbers of objects and calls to store. */
export interface Sizes {
  readonly opportunities: number;
  readonly leads: number;
  readonly calls: number;
}

export const COMPANIES = 1_000;
export const PROGRAMS = 500;
export const STAGES = 7;
const ROWS = 5;
const PAGE = 2_000;
const DAYS = 30;
const MARK = 'bench';

/** A time of the last days: the place of `number` among `of`. */
const timeOf = (number: number, of: number) =>
  new Date(Date.now() - Math.floor(((of - number) / of) * DAYS * 86_400_000)).toISOString();

/** Fills an empty database with everything that the pages of the console show. */
export async function fill(database: string, sizes: Sizes): Promise<void> {
  const target = await openTarget(database, { location: '' } as SectionReader);
  const write = <Name extends SectionName>(section: Name, rows: readonly SectionRows[Name][]) =>
    target.write(section, rows, { before: MARK, after: MARK });

  async function all<Name extends SectionName>(
    section: Name,
    count: number,
    row: (number: number) => SectionRows[Name],
  ): Promise<void> {
    for (let first = 1; first <= count; first += PAGE) {
      const length = Math.min(PAGE, count - first + 1);
      await write(
        section,
        Array.from({ length }, (_, index) => row(first + index)),
      );
    }
  }

  await target.begin(MARK);
  const custom = { displayName: null, description: null, custom: true, references: null };
  await write('fields', [
    { owner: 'Opportunity', field: { ...custom, name: 'ExtId', dataType: 'string', size: 255 } },
    { owner: 'Opportunity', field: { ...custom, name: 'Region', dataType: 'string', size: 255 } },
  ]);
  await write('tags', [{ type: 'Region', values: ['North', 'South'] }]);
  await write('channels', [{ channel: 'Webinar', statuses: [] }]);
  await write('keyFields', [{ type: 'Opportunity', name: 'ExtId' }]);
  await all('programs', PROGRAMS, programOf);
  await all('companies', COMPANIES, (id) => ({ id, name: `Company ${id}`, externalKeys: new Map() }));
  await all('leads', sizes.leads, (id) => leadOf(id, sizes));
  await all('opportunities', sizes.opportunities, (id) => opportunityOf(id, sizes));
  await all('roles', Math.min(sizes.leads, sizes.opportunities), (id) => ({
    id,
    createdAt: timeOf(id, sizes.leads),
    updatedAt: timeOf(id, sizes.leads),
    values: fieldValues('OpportunityPersonRole', [
      ['OpportunityId', id],
      ['PersonId', id],
      ['Role', `Role ${id % 5}`],
    ]),
  }));
  await write('counters', [
    { counter: 'Opportunity', last: sizes.opportunities },
    { counter: 'OpportunityPersonRole', last: Math.min(sizes.leads, sizes.opportunities) },
    { counter: 'Cost', last: PROGRAMS * 12 },
    { counter: 'Lead', last: sizes.leads },
    { counter: 'Journal', last: sizes.calls },
  ]);
  await all('journal', sizes.calls, (number) => callOf(number, sizes));
  const minutes = 2 * 24 * 60;
  await all('traffic', minutes, (number) => trafficOf(MINUTE, number));
  await all('traffic', DAYS * 24, (number) => trafficOf(HOUR, number));
  await target.finish();
  await target.close();
}

function programOf(id: number): SectionRows['programs'] {
  return {
    id,
    createdAt: timeOf(id, PROGRAMS),
    updatedAt: timeOf(id, PROGRAMS),
    name: `Program ${id}`,
    type: 'Program',
    channel: 'Webinar',
    workspaceId: 1,
    workspaceName: 'Default',
    treePath: null,
    archived: false,
    startDate: null,
    endDate: null,
    crmId: null,
    tags: new Map([['Region', 'North']]),
    tokens: new Map(),
    costs: Array.from({ length: 12 }, (_, month) => ({
      id: (id - 1) * 12 + month + 1,
      month: `2026-${String(month + 1).padStart(2, '0')}-01`,
      amount: 100 + month,
      note: null,
    })),
  };
}

function leadOf(id: number, { leads }: Sizes): SectionRows['leads'] {
  return {
    id,
    createdAt: timeOf(id, leads),
    updatedAt: timeOf(id, leads),
    email: `lead-${id}@example.com`,
    companyId: (id % COMPANIES) + 1,
    workspaceId: null,
    values: fieldValues('Lead', [
      ['FirstName', `First ${id}`],
      ['LastName', `Last ${id % 9973}`],
    ]),
  };
}

function opportunityOf(id: number, { opportunities }: Sizes): SectionRows['opportunities'] {
  return {
    id,
    createdAt: timeOf(id, opportunities),
    updatedAt: timeOf(id, opportunities),
    values: fieldValues('Opportunity', [
      ['Name', `Opportunity ${(id * 7919) % opportunities}`],
      ['Stage', `Stage ${id % STAGES}`],
      ['Amount', ((id * 104_729) % 1_000_000) / 4],
      ['CompanyId', (id % COMPANIES) + 1],
      ['ExtId', `ext-${id}`],
      ['Region', `Region ${id % 50}`],
    ]),
  };
}

/** One call in 50 has a FAILED row, and one in 500 ends with a fault. */
function callOf(number: number, { calls, opportunities }: Sizes): KeptJournalEntry {
  const hasFault = number % 500 === 0;
  const rows = Array.from({ length: hasFault ? 0 : ROWS }, (_, position): JournalRow => {
    const id = ((number * ROWS + position) * 31) % opportunities;
    const externalKey = { name: 'ExtId', value: `ext-${id}` };
    if (number % 50 === 0 && position === 0) {
      return {
        type: 'Opportunity',
        id: null,
        externalKey,
        status: 'FAILED',
        because: 'Amount "x": expected a number',
      };
    }
    return {
      type: 'Opportunity',
      id: id + 1,
      externalKey,
      status: 'UPDATED',
      changed: ['Stage', 'Amount'],
      before: [`Stage ${id % STAGES}`, id / 4],
      after: [`Stage ${(id + 1) % STAGES}`, id / 2],
    };
  });
  return {
    number,
    callId: `bench-${number}`,
    at: timeOf(number, calls),
    userId: `bench_${number % 3}`,
    operation: 'syncMObjects',
    mode: 'UPSERT',
    address: '127.0.0.1',
    fault: hasFault ? 20_014 : null,
    ...(hasFault ? { faultText: 'Authentication failed' } : {}),
    milliseconds: 2,
    outcomeUnknown: false,
    rows,
  };
}

function trafficOf(span: number, number: number): SectionRows['traffic'] {
  const since = new Date((Math.floor(Date.now() / 1000 / span) - number + 1) * span * 1000).toISOString();
  const counts = {
    calls: 20,
    faults: { 20014: 1 },
    rows: { UPDATED: 90, FAILED: 1 },
    times: [0, 0, 0, 12, 5, 3],
  };
  const content: SpanCounts = { syncMObjects: counts, getMObjects: counts };
  return { span, since, run: 'bench', content };
}

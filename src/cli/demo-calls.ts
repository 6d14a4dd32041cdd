import type { Client, MObject, SyncOperation, SyncResult } from '../client/index.ts';
import type { StoreContents } from '../store/store.ts';

/** One of the three sample calls on Marketo's page about syncMObjects. */
export interface DemoCall {
  /** The request as lines of text, for display. */
  readonly request: readonly string[];
  readonly operation: SyncOperation;
  readonly object: MObject;
  /** Returns the expected status, given the contents of the store before the call. */
  expected(before: StoreContents): SyncResult['status'];
}

/** The answer to a call. */
export interface DemoResult {
  readonly call: DemoCall;
  readonly id: number | null;
  readonly status: SyncResult['status'];
  readonly error: string | undefined;
  readonly expected: SyncResult['status'];
}

const listed = (values: Readonly<Record<string, string | number>>) =>
  Object.entries(values).map(([name, value]) => `  ${name} = ${value}`);

const opportunity = { Name: 'Q1 2014', Amount: 2000, Probability: '80%' };
const role = { OpportunityId: 64, PersonId: 19, Role: 'Influencer/Champion' };

export const demoCalls: readonly DemoCall[] = [
  {
    request: ['UPDATE Program 1970', 'Cost', ...listed({ Month: '2013-06', Amount: 2000, Id: 153 })],
    operation: 'UPDATE',
    object: { type: 'Program', id: 1970, costs: [{ month: '2013-06', amount: 2000, id: 153 }] },
    expected(before) {
      const program = before.programs.find(({ id }) => id === 1970);
      const now = program?.costs.find(({ id }) => id === 153);
      return now?.month === '2013-06-01' && now.amount === 2000 ? 'UNCHANGED' : 'UPDATED';
    },
  },
  {
    request: ['INSERT Opportunity', ...listed(opportunity)],
    operation: 'INSERT',
    object: { type: 'Opportunity', attributes: opportunity },
    expected: () => 'CREATED',
  },
  {
    request: ['INSERT OpportunityPersonRole', ...listed(role)],
    operation: 'INSERT',
    object: { type: 'OpportunityPersonRole', attributes: role },
    expected(before) {
      const there = before.roles.some(
        ({ values }) =>
          values.get('OpportunityId') === 64 &&
          values.get('PersonId') === 19 &&
          values.get('Role') === 'Influencer/Champion',
      );
      return there ? 'SKIPPED' : 'CREATED';
    },
  },
];

/** Sends the calls one after the other. `before`: the contents of the store before the first one. */
export async function sendDemoCalls(client: Client, before: StoreContents): Promise<DemoResult[]> {
  const results: DemoResult[] = [];
  for (const call of demoCalls) {
    const [result] = await client.syncMObjects(call.operation, [call.object]);
    if (result === undefined) continue;
    const error = result.status === 'FAILED' ? result.error : undefined;
    results.push({ call, id: result.id, status: result.status, error, expected: call.expected(before) });
  }
  return results;
}

import type { Client } from '../client/client.ts';
import type { MObjStatus } from '../contract/enumerations.ts';
import type { Message } from '../contract/messages.ts';
import type { StoreContents } from '../store/store.ts';

/** One of the three calls that Marketo's page on syncMObjects shows. */
export interface DemoCall {
  /** What it asks for, in lines. */
  readonly request: readonly string[];
  readonly params: Message<'ParamsSyncMObjects'>;
  /** The status that it must come to on what the store holds before it. */
  expected(before: StoreContents): MObjStatus;
}

/** How a call was answered. */
export interface DemoResult {
  readonly call: DemoCall;
  readonly id: number | null;
  readonly status: string;
  readonly error: string | undefined;
  readonly expected: MObjStatus;
}

const attributes = (values: Record<string, string>) => ({
  attrib: Object.entries(values).map(([name, value]) => ({ name, value })),
});

const listed = (values: Record<string, string>) =>
  Object.entries(values).map(([name, value]) => `  ${name} = ${value}`);

const cost = { Month: '2013-06', Amount: '2000', Id: '153' };
const opportunity = { Name: 'Q1 2014', Amount: '2000', Probability: '80%' };
const role = { OpportunityId: '64', PersonId: '19', Role: 'Influencer/Champion' };

export const demoCalls: readonly DemoCall[] = [
  {
    request: ['UPDATE Program 1970', 'Cost', ...listed(cost)],
    params: {
      mObjectList: {
        mObject: [
          {
            type: 'Program',
            id: 1970,
            typeAttribList: { typeAttrib: [{ attrType: 'Cost', attrList: attributes(cost) }] },
          },
        ],
      },
      operation: 'UPDATE',
    },
    expected(before) {
      const program = before.programs.find(({ id }) => id === 1970);
      const now = program?.costs.find(({ id }) => id === 153);
      return now?.month === '2013-06-01' && now.amount === 2000 ? 'UNCHANGED' : 'UPDATED';
    },
  },
  {
    request: ['INSERT Opportunity', ...listed(opportunity)],
    params: {
      mObjectList: { mObject: [{ type: 'Opportunity', attribList: attributes(opportunity) }] },
      operation: 'INSERT',
    },
    expected: () => 'CREATED',
  },
  {
    request: ['INSERT OpportunityPersonRole', ...listed(role)],
    params: {
      mObjectList: { mObject: [{ type: 'OpportunityPersonRole', attribList: attributes(role) }] },
      operation: 'INSERT',
    },
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

/** Sends the calls, one after the other. `before`: what the store holds now. */
export async function sendDemoCalls(client: Client, before: StoreContents): Promise<DemoResult[]> {
  const results: DemoResult[] = [];
  for (const call of demoCalls) {
    const { result } = await client.call('syncMObjects', call.params);
    const row = result?.mObjStatusList?.mObjStatus[0];
    results.push({
      call,
      id: row?.id ?? null,
      status: row?.status ?? 'no row',
      error: row?.error,
      expected: call.expected(before),
    });
  }
  return results;
}

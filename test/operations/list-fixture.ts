import { SoapFault } from '../../src/contract/faults.ts';
import type { Received, UnreadableParts } from '../../src/contract/messages.ts';
import type { OperationName, RequestTypeOf } from '../../src/contract/operations.ts';
import type { Records, RecordType } from '../../src/records/all.ts';
import type { AnyRecordChange } from '../../src/rules/facts.ts';
import type { MObjectSettings } from '../../src/rules/settings.ts';
import type { StoreSource } from '../store/test-engines.ts';
import { openSyncFixture, type SyncFixture } from './sync-fixture.ts';

const campaign = (id: number, name: string, programId: number | null, kind: string, sources: string[]) => ({
  id,
  name,
  programId,
  kind,
  sources,
  description: id === 51 ? 'for the web' : null,
});

const instance = {
  programs: [
    { id: 101, name: 'Spring Show', type: 'Event', tokens: { '{{my.x}}': 'y' } },
    { id: 102, name: 'Web.Site', type: 'Default' },
  ],
  leads: [
    { id: 1, email: 'ann@example.com', attributes: { FirstName: 'Ann' } },
    { id: 2, email: 'bob@example.com' },
    { id: 3, email: 'cyd@example.com' },
    { id: 4, email: 'ANN@example.com' },
  ],
};

const records: { readonly [Type in RecordType]?: readonly Records[Type][] } = {
  StaticList: [
    { id: 21, name: 'Newsletter', programId: null },
    { id: 22, name: 'Guests', programId: 101 },
    { id: 23, name: 'Both', programId: 101 },
    { id: 24, name: 'Both', programId: 102 },
    { id: 25, name: 'Newsletter', programId: 101 },
  ],
  ListMember: [{ id: 31, listId: 21, leadId: 1, addedAt: '2026-11-01T00:00:00.000Z' }],
  LeadCrmKey: [
    { id: 41, leadId: 2, type: 'LEADOWNEREMAIL', value: 'owner@example.com', key: 'owner@example.com' },
    { id: 42, leadId: 3, type: 'LEADOWNEREMAIL', value: 'owner@example.com', key: 'owner@example.com' },
  ],
  Campaign: [
    campaign(51, 'Welcome', 101, 'trigger', ['MKTOWS']),
    campaign(52, 'Follow up', null, 'trigger', ['MKTOWS', 'SALES']),
    campaign(53, 'Sales only', 101, 'trigger', ['SALES']),
    campaign(54, 'Blast', 101, 'batch', []),
  ],
};

/** A store with leads, lists and campaigns, and all operations on top. */
export interface ListFixture extends SyncFixture {
  /** Carries out an operation that ends in a fault. Returns its code and message. */
  fault<Name extends OperationName>(
    name: Name,
    params: Received<RequestTypeOf<Name>>,
    unreadable?: UnreadableParts,
  ): Promise<string>;
  all<Type extends RecordType>(type: Type): Promise<readonly Records[Type][]>;
  /** The ids of a list's members. */
  members(listId: number): Promise<number[]>;
  /** All activities as texts: lead, type, asset and attributes. */
  activities(): Promise<string[]>;
}

/** Opens a store with the instance above in it. */
export async function openListFixture(
  source: StoreSource,
  settings: Partial<MObjectSettings> = {},
): Promise<ListFixture> {
  const fixture = await openSyncFixture(source, instance, settings);
  const { store } = fixture;
  const changes = Object.entries(records).flatMap(([type, some]) =>
    some.map((after) => ({ type, before: undefined, after }) as unknown as AnyRecordChange),
  );
  await store.apply({ ids: {}, keys: [], newIds: {}, depth: 1 }, () => ({
    changes: { records: changes, looseKeys: [], newFields: [] },
    answer: null,
    journal: null,
  }));
  const all = async <Type extends RecordType>(type: Type) =>
    (await store.list<Type>({ type, where: [], limit: 10_000 })).records;
  return {
    ...fixture,
    all,
    async fault(name, params, unreadable) {
      try {
        const { answer } = await fixture.call(name, params, unreadable);
        return `answered ${JSON.stringify(answer)}`;
      } catch (error) {
        if (error instanceof SoapFault) return `${error.code} ${error.message}`;
        throw error;
      }
    },
    members: async (listId) =>
      (await all('ListMember')).flatMap((member) => (member.listId === listId ? [member.leadId] : [])).sort(),
    activities: async () =>
      (await all('Activity')).map(
        ({ leadId, type, assetName, attributes }) =>
          `${leadId} ${type} ${assetName ?? '-'} ${attributes.map((each) => each.join('=')).join('; ')}`,
      ),
  };
}

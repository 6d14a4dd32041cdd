import { SoapFault } from '../../src/contract/faults.ts';
import type { Message, Received, UnreadableParts } from '../../src/contract/messages.ts';
import { createLocalBackend } from '../../src/local/local-backend.ts';
import { syncLead } from '../../src/operations/sync-lead.ts';
import { syncMObjects } from '../../src/operations/sync-mobjects.ts';
import { syncMultipleLeads } from '../../src/operations/sync-multiple-leads.ts';
import type { Records, RecordType } from '../../src/records/all.ts';
import type { FieldValue } from '../../src/records/field-values.ts';
import { defaultSettings, type MObjectSettings } from '../../src/rules/settings.ts';
import type { Store } from '../../src/store/store.ts';
import type { StoreSource } from '../store/test-engines.ts';
import { BENCH_TIME, openSyncFixture } from './sync-fixture.ts';

type Attributes = Readonly<Record<string, string>>;
export type LeadParts = Omit<Received<'LeadRecord'>, 'leadAttributeList'> & {
  readonly attributes?: Attributes;
};

export interface LeadOptions {
  readonly cookie?: string;
  readonly returnLead?: boolean;
  readonly workspace?: string;
  readonly at?: string;
  readonly unreadable?: UnreadableParts;
}

/** A stored lead, in plain values. */
export interface PlainLead {
  readonly id: number;
  readonly email: string | null;
  readonly companyId: number | null;
  readonly updatedAt: string;
  readonly values: Readonly<Record<string, FieldValue>>;
}

/** A store with an instance in it, and the operations that write leads. */
export interface LeadFixture {
  readonly store: Store;
  /** syncLead. Returns its result. */
  one(lead: LeadParts, options?: LeadOptions): Promise<Message<'ResultSyncLead'>>;
  /** syncLead that ends in a fault. Returns its code and message. */
  fault(lead: LeadParts | undefined, options?: LeadOptions): Promise<string>;
  /** syncMultipleLeads. Returns the status of each row. */
  many(
    leads: readonly LeadParts[],
    options?: { dedup?: boolean; at?: string },
  ): Promise<Message<'SyncStatus'>[]>;
  /** syncMObjects with UPSERT. */
  objects(mObject: Received<'MObject'>[]): Promise<Message<'MObjStatus'>[]>;
  all<Type extends RecordType>(type: Type): Promise<readonly Records[Type][]>;
  leads(): Promise<PlainLead[]>;
  /** All activities as texts: lead, type, asset and attributes. */
  activities(): Promise<string[]>;
}

/** Returns a lead as it is decoded. */
export const leadRecord = ({ attributes, ...elements }: LeadParts): Received<'LeadRecord'> => ({
  ...elements,
  ...(attributes === undefined
    ? {}
    : {
        leadAttributeList: {
          attribute: Object.entries(attributes).map(([attrName, attrValue]) => ({ attrName, attrValue })),
        },
      }),
});

/** Opens an empty store, applies the instance, and puts the operations on top. */
export async function openLeadFixture(
  source: StoreSource,
  instance: object = {},
  settings: Partial<MObjectSettings> = {},
): Promise<LeadFixture> {
  const { store } = await openSyncFixture(source, instance);
  return leadFixture(store, settings);
}

/** Puts the operations on top of a store. */
export function leadFixture(store: Store, settings: Partial<MObjectSettings> = {}): LeadFixture {
  const backend = createLocalBackend(store)({ callId: 'c', userId: 'u', address: null, began: 0 });
  const context = (at: string | undefined) => ({
    backend,
    settings: { ...defaultSettings, ...settings },
    now: at === undefined ? BENCH_TIME : new Date(at),
  });
  const callOne = async (lead: LeadParts | undefined, options: LeadOptions = {}) => {
    const { cookie, returnLead, workspace, at, unreadable = new Map() } = options;
    const params = {
      ...(lead === undefined ? {} : { leadRecord: leadRecord(lead) }),
      ...(cookie === undefined ? {} : { marketoCookie: cookie }),
      ...(returnLead === undefined ? {} : { returnLead }),
    };
    const { answer } = await syncLead({ params, unreadable, targetWorkspace: workspace }, context(at));
    return answer.result;
  };
  const all = async <Type extends RecordType>(type: Type) =>
    (await store.list<Type>({ type, where: [], limit: 10_000 })).records;

  return {
    store,
    one: callOne,
    async fault(lead, options) {
      try {
        return `answered ${JSON.stringify(await callOne(lead, options))}`;
      } catch (error) {
        if (error instanceof SoapFault) return `${error.code} ${error.message}`;
        throw error;
      }
    },
    async many(leads, { dedup, at } = {}) {
      const params = {
        leadRecordList: { leadRecord: leads.map(leadRecord) },
        ...(dedup === undefined ? {} : { dedupEnabled: dedup }),
      };
      const { answer } = await syncMultipleLeads({ params, unreadable: new Map() }, context(at));
      return answer.result.syncStatusList.syncStatus;
    },
    async objects(mObject) {
      const params = { operation: 'UPSERT' as const, mObjectList: { mObject } };
      const { answer } = await syncMObjects({ params, unreadable: new Map() }, context(undefined));
      return answer.result.mObjStatusList.mObjStatus;
    },
    all,
    async leads() {
      return (await all('Lead')).map(({ id, email, companyId, updatedAt, values }) => ({
        id,
        email,
        companyId,
        updatedAt,
        values: Object.fromEntries(values.entries()),
      }));
    },
    async activities() {
      return (await all('Activity')).map(
        ({ leadId, type, assetName, attributes }) =>
          `${leadId} ${type} ${assetName ?? '-'} ${attributes.map((each) => each.join('=')).join('; ')}`,
      );
    },
  };
}

import { SoapFault } from '../../src/contract/faults.ts';
import type { Message, Received, UnreadableParts } from '../../src/contract/messages.ts';
import { createLocalBackend } from '../../src/local/local-backend.ts';
import { getLeadActivity } from '../../src/operations/get-lead-activity.ts';
import { getLeadChanges } from '../../src/operations/get-lead-changes.ts';
import { defaultSettings, type MObjectSettings } from '../../src/rules/settings.ts';
import type { Store } from '../../src/store/store.ts';
import { BENCH_TIME } from './sync-fixture.ts';

/** The operations that read activities. A fault is returned as its code and message. */
export interface ActivityFixture {
  activity(
    params: Received<'ParamsGetLeadActivity'>,
    unreadable?: UnreadableParts,
  ): Promise<Message<'LeadActivityList'>>;
  changes(
    params: Received<'ParamsGetLeadChanges'>,
    unreadable?: UnreadableParts,
  ): Promise<Message<'ResultGetLeadChanges'>>;
}

/** Puts the operations on top of a store, at an endpoint of a major API version. */
export function activityFixture(
  store: Store,
  { version = 2, ...settings }: Partial<MObjectSettings> & { version?: number } = {},
): ActivityFixture {
  const backend = createLocalBackend(store)({ callId: 'c', userId: 'u', address: null, began: 0 });
  const context = { backend, settings: { ...defaultSettings, ...settings }, now: BENCH_TIME, version };
  return {
    activity: async (params, unreadable = new Map()) =>
      (await getLeadActivity({ params, unreadable }, context)).answer.leadActivityList,
    changes: async (params, unreadable = new Map()) =>
      (await getLeadChanges({ params, unreadable }, context)).answer.result,
  };
}

/** Returns the code and message of the fault that ends a call. */
export async function faultOf(call: Promise<unknown>): Promise<string> {
  try {
    return `answered ${JSON.stringify(await call, (_, value) => (typeof value === 'bigint' ? Number(value) : value))}`;
  } catch (error) {
    if (error instanceof SoapFault) return `${error.code} ${error.message}`;
    throw error;
  }
}

import type { SyncOperation } from '../../src/contract/enumerations.ts';
import type { Message, Received, UnreadableParts } from '../../src/contract/messages.ts';
import type { OperationName, RequestTypeOf } from '../../src/contract/operations.ts';
import { applyInstance } from '../../src/instance/apply.ts';
import { checkInstance } from '../../src/instance/check.ts';
import { createLocalBackend } from '../../src/local/local-backend.ts';
import type { Operation, OperationOutcome } from '../../src/operations/operation.ts';
import { syncMObjects } from '../../src/operations/sync-mobjects.ts';
import { operationTable } from '../../src/operations/table.ts';
import { defaultSettings, type MObjectSettings } from '../../src/rules/settings.ts';
import type { Store } from '../../src/store/store.ts';
import type { StoreSource } from '../store/test-engines.ts';

/** A store with an instance in it, and the operations on top. */
export interface SyncFixture {
  readonly store: Store;
  /** Carries out any operation. */
  call<Name extends OperationName>(
    name: Name,
    params: Received<RequestTypeOf<Name>>,
    unreadable?: UnreadableParts,
  ): Promise<OperationOutcome<Name>>;
  sync(
    operation: SyncOperation,
    mObjects: Received<'MObject'>[],
    at?: Date,
  ): Promise<Message<'MObjStatus'>[]>;
}

export const BENCH_TIME = new Date('2026-11-23T12:00:00Z');

/** Opens an empty store, applies the instance, and puts the operations on top. */
export async function openSyncFixture(
  source: StoreSource,
  instance: object,
  settings: Partial<MObjectSettings> = {},
): Promise<SyncFixture> {
  const store = await source.openStore();
  const checked = checkInstance(JSON.stringify(instance));
  if (!('instance' in checked)) throw new Error(JSON.stringify(checked.mistakes));
  await applyInstance(store, checked.instance, { mode: 'make', now: BENCH_TIME, timeZone: 'UTC' });
  return syncFixture(store, settings);
}

/** Puts the operations on top of a store. */
export function syncFixture(store: Store, settings: Partial<MObjectSettings> = {}): SyncFixture {
  const backend = createLocalBackend(store)({ callId: 'c', userId: 'u', address: null, began: 0 });
  const context = (now: Date) => ({ backend, settings: { ...defaultSettings, ...settings }, now });
  return {
    store,
    call(name, params, unreadable = new Map()) {
      const operation = operationTable[name] as Operation<typeof name>;
      return operation({ params, unreadable }, context(BENCH_TIME));
    },
    async sync(operation, mObjects, now = BENCH_TIME) {
      const { answer } = await syncMObjects(
        { params: { operation, mObjectList: { mObject: mObjects } }, unreadable: new Map() },
        context(now),
      );
      return answer.result.mObjStatusList.mObjStatus;
    },
  };
}

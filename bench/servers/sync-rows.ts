import { randomUUID } from 'node:crypto';
import { createLocalBackend } from '../../src/local/local-backend.ts';
import { syncMObjects } from '../../src/operations/sync-mobjects.ts';
import { defaultSettings } from '../../src/rules/settings.ts';
import type { Store } from '../../src/store/store.ts';
import { rowOf, user } from '../work.ts';

/** Upserts the rows of these keys as a server does, without HTTP and XML; all must come to `expected`. */
export async function syncRows(
  store: Store,
  keys: readonly string[],
  version: number,
  expected: string,
  now = new Date(),
): Promise<void> {
  const mObject = keys.map((key) => {
    const { company, values } = rowOf(key, version);
    const companyKey = { name: 'CompanyKey', value: company };
    return {
      type: 'Opportunity',
      externalKey: { name: 'ExtId', value: key },
      attribList: { attrib: Object.entries(values).map(([name, value]) => ({ name, value })) },
      associationList: { mObjAssociation: [{ mObjType: 'Company', externalKey: companyKey }] },
    };
  });
  const call = { params: { operation: 'UPSERT' as const, mObjectList: { mObject } }, unreadable: new Map() };
  const info = { userId: user.userId, address: '127.0.0.1', callId: randomUUID(), began: 0 };
  const context = { backend: createLocalBackend(store)(info), settings: defaultSettings, now };
  const { answer } = await syncMObjects(call, context);
  const wrong = answer.result.mObjStatusList.mObjStatus.find(({ status }) => status !== expected);
  if (wrong !== undefined) throw new Error(`expected ${expected}: ${JSON.stringify(wrong)}`);
}

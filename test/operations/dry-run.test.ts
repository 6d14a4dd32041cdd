import { expect, it } from 'vitest';
import type { OperationName } from '../../src/contract/operations.ts';
import { createLocalBackend } from '../../src/local/local-backend.ts';
import type { Operation } from '../../src/operations/operation.ts';
import { operationTable } from '../../src/operations/table.ts';
import { defaultSettings } from '../../src/rules/settings.ts';
import { overAllStores } from '../store/test-engines.ts';
import { openListFixture } from './list-fixture.ts';
import { BENCH_TIME } from './sync-fixture.ts';

const lead = { Email: 'new@example.com' };
const calls: Partial<Record<OperationName, object>> = {
  syncLead: { leadRecord: lead, returnLead: false },
  syncMultipleLeads: { leadRecordList: { leadRecord: [lead] } },
  listOperation: {
    listOperation: 'ADDTOLIST',
    listKey: { keyType: 'MKTOLISTNAME', keyValue: 'Fresh' },
    listMemberList: { leadKey: [{ keyType: 'IDNUM', keyValue: '2' }] },
  },
  importToList: {
    programName: 'Spring Show',
    listName: 'Fresh',
    importFileHeader: 'Email Address',
    importFileRows: { stringItem: Array.from({ length: 700 }, (_, index) => `n${index}@example.com`) },
    importListMode: 'UPSERTLEADS',
    clearList: true,
  },
  requestCampaign: { campaignId: 51, leadList: { leadKey: [{ keyType: 'IDNUM', keyValue: '2' }] } },
  scheduleCampaign: { programName: 'Spring Show', campaignName: 'Blast', cloneToProgramName: 'Copy' },
};

await overAllStores((source) => {
  it.each(Object.entries(calls))(
    'a dry run of %s answers as the call would, and writes nothing',
    async (name, params) => {
      const { store, all } = await openListFixture(source);
      const types = [
        'Lead',
        'StaticList',
        'ListMember',
        'ListImport',
        'CampaignRun',
        'Program',
        'Activity',
      ] as const;
      const everything = () => Promise.all(types.map(all));
      const before = await everything();
      let rows = 0;
      const backend = createLocalBackend(store, {
        isDry: true,
        decided: (entry) => {
          rows = entry.rows.length;
        },
      })({ callId: 'c', userId: 'u', address: null, began: 0 });
      const settings = { ...defaultSettings, undefinedNames: 'create' as const };
      const operation = operationTable[
        name as keyof typeof operationTable
      ] as unknown as Operation<OperationName>;
      await operation({ params, unreadable: new Map() } as never, { backend, settings, now: BENCH_TIME });
      expect(rows).toBeGreaterThan(0);
      expect(await everything()).toEqual(before);
      await store.close();
    },
  );
});

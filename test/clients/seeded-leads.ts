import type { Store } from '../../src/store/store.ts';
import { putRecords } from '../operations/put-records.ts';

const campaign = { description: null, sources: ['MKTOWS'] };

/** Writes what requests of the lead family name: lists, campaigns, keys of a CRM, a type of custom objects. */
export const seedLeadFamily = (store: Store): Promise<void> =>
  putRecords(store, [
    { type: 'StaticList', record: { id: 21, name: 'Newsletter', programId: null } },
    { type: 'StaticList', record: { id: 22, name: 'Guests', programId: 1970 } },
    { type: 'Campaign', record: { ...campaign, id: 51, name: 'Welcome', programId: 1970, kind: 'trigger' } },
    { type: 'Campaign', record: { ...campaign, id: 52, name: 'Blast', programId: 1970, kind: 'batch' } },
    { type: 'Workspace', record: { id: 1, name: 'Europe' } },
    {
      type: 'LeadCrmKey',
      record: {
        id: 1,
        leadId: 19,
        type: 'SFDCCONTACTID',
        value: '0035000000AbCdEAAX',
        key: '0035000000AbCdE',
      },
    },
    {
      type: 'CustomObjectType',
      record: {
        id: 1,
        name: 'Roadshow',
        keys: [
          { name: 'MKTOID', dataType: 'integer' },
          { name: 'rid', dataType: 'string' },
        ],
        fields: [
          { name: 'city', dataType: 'string' },
          { name: 'seats', dataType: 'integer' },
          { name: 'isOver', dataType: 'boolean' },
        ],
      },
    },
  ]);

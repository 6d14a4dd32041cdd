import { standardFields } from '../contract/fields.ts';
import { time } from './column.ts';
import { recordType } from './declare.ts';

export const opportunityPersonRole = recordType({
  name: 'OpportunityPersonRole',
  table: 'opportunity_person_role',
  section: 'roles',
  columns: { createdAt: time, updatedAt: time },
  fields: standardFields.OpportunityPersonRole,
  instance: {
    opportunityId: 'OpportunityId',
    leadId: 'PersonId',
    role: 'Role',
    isPrimary: 'IsPrimary',
    externalCreatedDate: 'ExternalCreatedDate',
  },
  keys: 'fields',
  /** Calls on the roles of one opportunity run one after the other. */
  lookups: {
    pair: { columns: ['OpportunityId', 'PersonId'], lock: ['OpportunityId'] },
    triple: { columns: ['OpportunityId', 'PersonId', 'Role'], lock: ['OpportunityId'] },
    opportunity: { columns: ['OpportunityId'] },
    person: { columns: ['PersonId'], lock: [] },
  },
  parts: {},
  readLock: 'exclusive',
});

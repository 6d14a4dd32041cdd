import { standardFields } from '../contract/fields.ts';
import { time } from './column.ts';
import { recordType } from './declare.ts';

export const opportunityPersonRole = recordType({
  name: 'OpportunityPersonRole',
  table: 'opportunity_person_role',
  section: 'roles',
  ids: 'counted',
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
  parts: {},
  readLock: 'exclusive',
});

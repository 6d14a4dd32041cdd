import { seededInstance } from './seeded-server.ts';

/** An instance in which each of the MObject operations has something to say. */
export const familyInstance = {
  ...seededInstance,
  fields: {
    Opportunity: [
      { name: 'FSOpportunityID', dataType: 'string', size: 255 },
      { name: 'renewsAt', dataType: 'datetime', displayName: 'Renews at', description: 'Next renewal' },
    ],
  },
  tags: { Region: ['North', 'South'], Audience: ['Partners'] },
  channels: {
    Webinar: [
      { status: 'Registered', step: 20, success: false },
      { status: 'Attended', step: 40, success: true, attributes: { 'Webinar Behavior': 'Attended' } },
    ],
    Blog: [{ status: 'Visited', step: 10, success: true }],
  },
  opportunities: [
    { id: 64, companyId: 1, attributes: { Name: 'Earlier', Amount: 9, FSOpportunityID: 'F-64' } },
  ],
  roles: [{ id: 7, opportunityId: 64, leadId: 19, role: 'Buyer', isPrimary: true }],
};

/** So many opportunities of Stage "many" are added: a page and 30 more. */
export const MANY = 130;

import { applyInstance } from '../../src/instance/apply.ts';
import { checkInstance } from '../../src/instance/check.ts';
import { startTestServer, type TestServer, type TestServerOptions, user } from '../server/test-server.ts';

export const USER_ID = user.userId;
export const SECRET = user.secret;

/** What the sample calls of Marketo's page need to be there. */
export const seededInstance = {
  fields: {
    Opportunity: [
      { name: 'FSOpportunityID', dataType: 'string' },
      { name: 'ExtId', dataType: 'string' },
    ],
  },
  tags: { Region: ['North', 'South'] },
  channels: { Webinar: [{ status: 'Registered', step: 20, success: false }] },
  programs: [
    {
      id: 1970,
      name: 'Summer event',
      type: 'Marketing Event',
      channel: 'Webinar',
      tags: { Region: 'North' },
      costs: [{ id: 153, month: '2013-06', amount: 1500 }],
    },
  ],
  companies: [
    { id: 1, name: 'ACME', externalKeys: { cAccountFSID: 'C123' } },
    { id: 5, name: 'Umbrella', externalKeys: { K: 'V' } },
  ],
  leads: [{ id: 19, email: 'lead@example.com', companyId: 1, attributes: { FSPID: '12346' } }],
  opportunities: [{ id: 64, attributes: { Name: 'Earlier' } }],
};

/** When the seeded objects were made. */
export const SEEDED_AT = new Date('2026-11-23T12:00:00Z');

/** A server on a port of its own, whose store holds `instance` (its times without an offset are UTC). */
export async function startSeededServer(
  instance: object = seededInstance,
  options: TestServerOptions = {},
): Promise<TestServer> {
  const server = await startTestServer(options);
  const checked = checkInstance(JSON.stringify(instance));
  if (!('instance' in checked)) throw new Error(JSON.stringify(checked.mistakes));
  await applyInstance(server.store, checked.instance, { mode: 'make', now: SEEDED_AT, timeZone: 'UTC' });
  return server;
}

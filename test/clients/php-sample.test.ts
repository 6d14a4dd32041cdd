import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestServer } from '../server/test-server.ts';
import { phpFile, phpMissing, runPhp } from './php.ts';
import { SECRET, startSeededServer, USER_ID } from './seeded-server.ts';

const functions = [
  'prepareUpdateProgramRequest',
  'prepareCreateOpptyRequest',
  'prepareCreateOpptyPersonRoleRequest',
] as const;

/** The sample of Marketo's page with its three values filled in and one of its functions chosen, nothing else. */
function sample(endpoint: string, chosen: (typeof functions)[number]): string {
  const values = [endpoint, USER_ID, SECRET];
  let index = 0;
  return phpFile('sync-mobjects-sample.php')
    .replace(/= "";(?=\s*\/\/ CHANGE ME)/g, () => `= "${values[index++]}";`)
    .replace('$params = prepareUpdateProgramRequest();', `$params = ${chosen}();`);
}

describe.skipIf(phpMissing)('the PHP sample of the page on syncMObjects', () => {
  let seeded: TestServer;
  beforeAll(async () => {
    seeded = await startSeededServer();
  });
  afterAll(() => seeded.remove());

  it.each([
    [functions[0], '<mObjStatus><id>1970</id><status>UPDATED</status></mObjStatus>'],
    [functions[1], '<mObjStatus><id>65</id><status>CREATED</status></mObjStatus>'],
    [functions[2], '<mObjStatus><id>1</id><status>CREATED</status></mObjStatus>'],
    [functions[0], '<mObjStatus><id>1970</id><status>UNCHANGED</status></mObjStatus>'],
    [functions[2], '<mObjStatus><id>1</id><status>SKIPPED</status></mObjStatus>'],
  ])('%s is answered with %s', async (chosen, row) => {
    const output = await runPhp(sample(seeded.endpoint, chosen));
    expect(output).not.toContain('SoapFault');
    const answer = output.slice(output.indexOf('RAW response'));
    expect(answer).toContain(`<mObjStatusList>${row}</mObjStatusList>`);
  });

  it('and what it wrote is kept', async () => {
    const { programs, opportunities, roles } = await seeded.store.contents();
    expect(programs[0]?.costs).toEqual([{ id: 153, month: '2013-06-01', amount: 2000, note: null }]);
    const created = opportunities.find(({ id }) => id === 65);
    expect(Object.fromEntries(created?.values.entries() ?? [])).toEqual({
      Name: 'Q1 2014',
      Amount: 2000,
      Probability: 80,
    });
    expect(roles.map(({ values }) => Object.fromEntries(values.entries()))).toEqual([
      { OpportunityId: 64, PersonId: 19, Role: 'Influencer/Champion' },
    ]);
  });
});

import { beforeAll, describe, expect, it } from 'vitest';
import { browserMissing, useConsole } from './console.ts';

describe.skipIf(browserMissing)('objects', () => {
  const console = useConsole({ chaos: true, allowReset: true });
  beforeAll(async () => {
    await console.client.syncMObjects('INSERT', [
      { type: 'Opportunity', attributes: { Name: 'Won one', Amount: 2000, Stage: 'Won' } },
      { type: 'Opportunity', attributes: { Name: '<b>bold</b>\u202e', Amount: 10, Stage: 'Lost' } },
      { type: 'OpportunityPersonRole', attributes: { OpportunityId: 64, PersonId: 19, Role: 'Champion' } },
    ]);
  });

  it("the chart of a program's costs shows the amount of each month", async () => {
    await console.client.syncMObjects('UPDATE', [
      { type: 'Program', id: 1970, costs: [{ month: '2013-07', amount: 3250 }] },
    ]);
    const page = await console.open('/objects/Program/1970');
    const chart = page.getByRole('img', { name: /Costs by month/ });
    expect(await chart.getAttribute('aria-label')).toContain('2013-07 3,250');
    await chart.getByText('3,250').waitFor();
  });

  it('an opportunity shows its company, its roles and its history', async () => {
    const page = await console.open('/objects/Opportunity/64');
    await page.getByRole('link', { name: 'Company 1' }).waitFor();
    await page.getByRole('link', { name: /OpportunityPersonRole \d+/ }).waitFor();
    await page.getByRole('heading', { name: 'History' }).waitFor();
  });

  it('a deleted one says so, with its history', async () => {
    const [made] = await console.client.syncMObjects('INSERT', [
      { type: 'Opportunity', attributes: { Name: 'Gone' } },
    ]);
    const id = made?.id ?? 0;
    await console.client.deleteMObjects([{ type: 'Opportunity', id }]);
    const page = await console.open(`/objects/Opportunity/${id}`);
    await page.getByText(`There is no Opportunity ${id}`).waitFor();
    await page.locator('.timeline').getByText('DELETED').waitFor();
  });

  it('a custom object is reached from the row of its call', async () => {
    await console.client.syncCustomObjects('UPSERT', 'roadShow', [
      { keys: { MKTOID: 19, rid: 'R-9' }, attributes: { city: 'Boston' } },
    ]);
    const page = await console.open('/calls');
    await page
      .getByRole('row', { name: /syncCustomObjects/ })
      .getByRole('link')
      .click();
    await page.getByRole('link', { name: /^roadShow \d+$/ }).click();
    await page.getByRole('heading', { name: /^CustomObject \d+$/, level: 1 }).waitFor();
    await page.locator('.facts').getByText('Boston').waitFor();
    await page.locator('.timeline').getByText('CREATED').waitFor();
  });

  it('the pipeline shows the amount of each stage', async () => {
    const page = await console.open('/objects');
    const chart = page.getByRole('img', { name: 'Amounts of opportunities by stage' });
    await chart.getByText('2K · 1', { exact: true }).waitFor();
  });

  it('a list is filtered by a condition in the address', async () => {
    const page = await console.open('/objects/Opportunity');
    await page.getByLabel('Value', { exact: true }).fill('Won');
    await page.getByRole('button', { name: 'Add condition' }).click();
    await page.getByText('1 shown').waitFor();
    await page.reload();
    await page.getByText('Won one').waitFor();
    await page.getByRole('button', { name: 'Remove Stage = Won' }).click();
    await page.getByText('3 shown').waitFor();
  });

  it('a list is sorted by a column', async () => {
    const page = await console.open('/objects/Opportunity');
    await page.getByRole('button', { name: 'Amount' }).click();
    await page.waitForURL(/sort=Amount/);
    await expect.poll(() => page.getByRole('row').nth(1).innerText()).toContain('<b>bold</b>');
    await page.getByRole('button', { name: 'Amount' }).click();
    await expect.poll(() => page.getByRole('row').nth(1).innerText()).toContain('Won one');
  });

  it('a mistake in a condition is explained', async () => {
    const page = await console.open('/objects/Opportunity?where=Amount%3Agt%3Amuch');
    await page
      .getByRole('alert')
      .getByText(/Amount gt "much": expected a number/)
      .waitFor();
  });

  it('a snapshot is taken, and brings back what was there', async () => {
    const page = await console.open('/snapshots');
    await page.getByLabel(/Name; empty/).fill('before');
    await page.getByRole('button', { name: 'Take a snapshot' }).click();
    await page.getByRole('cell', { name: 'before', exact: true }).waitFor();
    const names = async () =>
      (await console.store.contents()).opportunities.map(({ values }) => values.get('Name'));
    const before = await names();
    await console.client.deleteMObjects([{ type: 'Opportunity', id: 64 }]);
    expect(await names()).not.toEqual(before);
    await page.getByRole('button', { name: 'Restore' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Restore' }).click();
    await page.getByText('The store is as it was').waitFor();
    expect(await names()).toEqual(before);
  });

  it('chaos lets the next call fail as asked', async () => {
    const page = await console.open('/chaos');
    await page.getByLabel('Fault', { exact: true }).selectOption('20024');
    await page.getByRole('button', { name: 'Add the rule' }).click();
    await page.getByText('answers fault 20024').waitFor();
    await expect(console.client.listMObjects()).rejects.toThrow(/20024/);
    await expect(console.client.listMObjects()).resolves.toBeDefined();
  });

  it('a field is added', async () => {
    const page = await console.open('/instance?type=Opportunity');
    await page.getByLabel('Name').fill('ContractId');
    await page.getByRole('button', { name: 'Add the field' }).click();
    await page.getByRole('cell', { name: 'ContractId' }).waitFor();
  });

  it('a tag type is added', async () => {
    const page = await console.open('/instance?tab=tags');
    await page.getByRole('button', { name: 'Add a tag type' }).click();
    await page.getByLabel('Name').fill('Season');
    await page.getByLabel('Values, one a line').fill('Summer\nWinter');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('cell', { name: 'Summer, Winter' }).waitFor();
    const { tags } = await console.store.schema();
    expect(tags.get('Season')).toEqual(['Summer', 'Winter']);
  });

  it('a value of a tag type and then the type are removed, by the keyboard', async () => {
    await console.ask('/tags/Colour', 'PUT', { values: ['Red', 'Blue'] });
    const page = await console.open('/instance?tab=tags');
    const row = page.getByRole('row').filter({ hasText: 'Colour' });
    await row.getByRole('button', { name: 'Remove a value' }).press('Enter');
    await page.getByLabel('Value', { exact: true }).selectOption('Blue');
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).press('Enter');
    await row.getByRole('cell', { name: 'Red', exact: true }).waitFor();
    expect((await console.store.schema()).tags.get('Colour')).toEqual(['Red']);
    await row.getByRole('button', { name: 'Remove', exact: true }).press('Enter');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await row.getByRole('button', { name: 'Remove', exact: true }).press('Enter');
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).press('Enter');
    await row.waitFor({ state: 'detached' });
    expect((await console.store.schema()).tags.has('Colour')).toBe(false);
  });

  it('a channel that a program has is kept, and the dialog says why', async () => {
    const { channel } = (await console.store.contents()).programs.find(({ id }) => id === 1970) ?? {};
    const page = await console.open('/instance?tab=channels');
    const row = page.getByRole('row').filter({ hasText: String(channel) });
    await row.getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await page
      .getByRole('alert')
      .getByText(/cannot be removed: Program .*1970/)
      .waitFor();
    expect((await console.store.schema()).channels.has(String(channel))).toBe(true);
  });

  it('a program is removed, and its list is shown', async () => {
    await console.ask('/objects/Program', 'POST', { id: 4711, name: 'To be removed' });
    const page = await console.open('/objects/Program/4711');
    await page.getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await page.waitForURL(/\/objects\/Program$/);
    await expect(console.ask('/objects/Program/4711')).rejects.toThrow(/404/);
  });

  it('a company is added and changed', async () => {
    const page = await console.open('/objects/Company');
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByLabel(/JSON/).fill('{ "id": 7, "name": "Globex" }');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('link', { name: '7', exact: true }).click();
    await page.getByRole('button', { name: 'Change' }).click();
    await page.getByLabel(/JSON/).fill('{ "name": "Globex Corporation" }');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { name: 'Company 7: Globex Corporation' }).waitFor();
  });

  it('a lead is changed in the form that it is shown in', async () => {
    const attributes = { Country: 'Norway', Phone: '1' };
    await console.ask('/objects/Lead', 'POST', { id: 500, email: 'lead@example.com', attributes });
    const page = await console.open('/objects/Lead/500');
    await page.getByRole('button', { name: 'Change' }).click();
    const form = page.getByLabel(/JSON/);
    await form.fill((await form.inputValue()).replace('Norway', 'Sweden'));
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Sweden').waitFor();
    const { values } = await console.ask<{ values: object }>('/objects/Lead/500');
    expect(values).toMatchObject({ email: 'lead@example.com', Country: 'Sweden', Phone: '1' });
  });

  it('a mistake in the instance file is explained, and nothing is applied', async () => {
    const page = await console.open('/instance?tab=file');
    await page.getByLabel(/JSON/).fill('{ "tags": { "Region": "North" } }');
    await page.getByRole('button', { name: 'Check' }).click();
    await page
      .getByRole('alert')
      .getByText(/Region/)
      .waitFor();
  });

  it('a user is added, gets a new secret, and is removed', async () => {
    const page = await console.open('/users');
    await page.getByRole('button', { name: 'Add a user' }).click();
    await page.getByLabel(/User id/).fill('partner_1_ABC');
    await page.getByRole('dialog').getByRole('button', { name: 'Add' }).click();
    await page.getByText('shown only now').waitFor();
    const first = await page.locator('.secret').innerText();
    await page.getByRole('button', { name: 'New secret' }).click();
    await page.getByRole('button', { name: 'Make a new secret' }).click();
    await page.getByText('valid until').waitFor();
    expect(await page.locator('.secret').innerText()).not.toBe(first);
    await page.getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('cell', { name: 'partner_1_ABC' }).waitFor({ state: 'detached' });
  });

  it('the log level changes while the server runs', async () => {
    const page = await console.open('/settings');
    await page.getByLabel('Log level').selectOption('warn');
    await page.getByText('Changed, until the server starts again').waitFor();
    await page.reload();
    await expect.poll(() => page.getByLabel('Log level').inputValue()).toBe('warn');
  });
});

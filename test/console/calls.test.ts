import { execFile } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { phpSnippet } from '../../src/cli/demo-snippets.ts';
import { encodeCall } from '../../src/wire/call-encoder.ts';
import { phpMissing, runPhp } from '../clients/php.ts';
import { browserMissing, caller, useConsole } from './console.ts';

const run = promisify(execFile);

/** The row of a table that has a text. */
const rowWith = (page: Page, text: string | RegExp) => page.getByRole('row').filter({ hasText: text });

describe.skipIf(browserMissing)('calls', () => {
  const console = useConsole({ journalBodies: 'all' });

  /** Opens the page of the newest call. */
  async function newest(): Promise<Page> {
    const { items } = await console.ask<{ items: { number: number }[] }>('/calls?limit=1');
    return console.open(`/calls/${items[0]?.number}`);
  }

  const role = { OpportunityId: 64, PersonId: 19, Role: 'Influencer/Champion' };

  it.skipIf(phpMissing)('a call by PHP appears in the list by itself', async () => {
    const page = await console.open('/calls');
    await page.getByRole('button', { name: 'Live' }).waitFor();
    const before = await page.getByRole('row').count();
    await runPhp(phpSnippet({ endpoint: console.endpoint, ...caller }));
    await rowWith(page, '1 CREATED').first().waitFor();
    expect(await page.getByRole('row').count()).toBeGreaterThan(before);
  });

  it('no call appears while the list is paused', async () => {
    await console.client.syncMObjects('INSERT', [{ type: 'Opportunity', attributes: { Name: 'Before' } }]);
    const page = await console.open('/calls');
    await page.getByRole('button', { name: 'Live' }).click();
    await page.getByRole('button', { name: 'Paused' }).waitFor();
    const before = await page.getByRole('row').count();
    await console.client.syncMObjects('INSERT', [{ type: 'Opportunity', attributes: { Name: 'After' } }]);
    // Longer than it takes until a call appears.
    await page.waitForTimeout(2000);
    expect(await page.getByRole('row').count()).toBe(before);
    await page.getByRole('button', { name: 'Paused' }).click();
    await page.reload();
    await expect.poll(() => page.getByRole('row').count()).toBe(before + 1);
  });

  it('a FAILED row says which value and what was expected', async () => {
    await console.client.syncMObjects('INSERT', [
      { type: 'Opportunity', attributes: { Name: 'Q2', Amout: 1 } },
    ]);
    const page = await newest();
    const row = rowWith(page, 'FAILED');
    expect(await row.innerText()).toMatch(/Amout.*Amount/s);
  });

  it('a SKIPPED row says what was found', async () => {
    for (let count = 0; count < 2; count++)
      await console.client.syncMObjects('INSERT', [{ type: 'OpportunityPersonRole', attributes: role }]);
    const page = await newest();
    await rowWith(page, 'SKIPPED')
      .getByRole('link', { name: /OpportunityPersonRole \d+/ })
      .waitFor();
    expect(await rowWith(page, 'SKIPPED').innerText()).toMatch(/exists|already|there/);
  });

  it('an UPDATED row shows the values before and after', async () => {
    const [created] = await console.client.syncMObjects('INSERT', [
      { type: 'Opportunity', attributes: { Name: 'Changing', Amount: 100 } },
    ]);
    await console.client.syncMObjects('UPDATE', [
      { type: 'Opportunity', id: created?.id ?? 0, attributes: { Amount: 250 } },
    ]);
    const page = await newest();
    expect(await rowWith(page, 'UPDATED').innerText()).toMatch(/Amount\s+100\s+→\s+250/);
  });

  it('a refused signature shows what is signed, and how far the clock was off', async () => {
    const requestTimestamp = new Date(Date.now() - 600_000).toISOString();
    const xml = encodeCall(
      'listMObjects',
      {},
      { mktowsUserId: caller.userId, requestSignature: 'ab'.repeat(20), requestTimestamp },
    );
    await fetch(console.endpoint, { method: 'POST', body: xml, headers: { 'content-type': 'text/xml' } });
    const page = await console.open('/calls');
    await page.getByRole('link', { name: /See what was signed/ }).click();
    const row = rowWith(page, requestTimestamp + caller.userId);
    expect(await row.innerText()).toMatch(/fault 200(14|16).*10 minutes behind/s);
  });

  it('copies a call as a script of curl that works', async () => {
    const name = `it's "quoted" $HOME`;
    await console.client.syncMObjects('INSERT', [{ type: 'Opportunity', attributes: { Name: name } }]);
    const page = await newest();
    await page.getByRole('button', { name: 'Copy as curl' }).click();
    await page.getByText('Copied').waitFor();
    const script = await page.evaluate<string>('navigator.clipboard.readText()');
    expect(script).not.toContain(createHmac('sha1', caller.secret).update('').digest('hex'));
    const env = { ...process.env, MKTOWS_SECRET: caller.secret };
    const { stdout } = await run('sh', ['-c', script], { env });
    expect(stdout).toContain('CREATED');
    const { opportunities } = await console.store.contents();
    expect(opportunities.filter(({ values }) => values.get('Name') === name)).toHaveLength(2);
  });

  it('says what to do where the browser has no clipboard', async () => {
    await console.client.syncMObjects('INSERT', [{ type: 'Opportunity', attributes: { Name: 'Copied' } }]);
    const page = await newest();
    await page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })");
    await page.getByRole('button', { name: 'Copy as curl' }).click();
    await page.getByText('select the text instead').waitFor();
  });

  it('runs dry, and is sent again', async () => {
    await console.client.syncMObjects('INSERT', [{ type: 'Opportunity', attributes: { Name: 'Once more' } }]);
    const page = await newest();
    const stored = async () =>
      (await console.store.contents()).opportunities.filter(
        ({ values }) => values.get('Name') === 'Once more',
      );
    await page.getByRole('button', { name: 'Dry run' }).click();
    await page.getByText('nothing was written').waitFor();
    expect(await stored()).toHaveLength(1);
    await page.getByRole('button', { name: 'Close' }).click();
    await page.getByRole('button', { name: 'Send again' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Send again' }).click();
    await page.getByText(/Sent again as call/).waitFor();
    expect(await stored()).toHaveLength(2);
  });

  it('filters are in the address', async () => {
    const page = await console.open('/calls');
    await page.getByLabel('With a row').selectOption('FAILED');
    await page.waitForURL(/status=FAILED/);
    await rowWith(page, 'CREATED').first().waitFor({ state: 'detached' });
    await page.reload();
    await rowWith(page, 'FAILED').first().waitFor();
    expect(await rowWith(page, /\d CREATED/).count()).toBe(0);
  });

  it('hostile values are text, and nothing runs', async () => {
    const hostile = '<script>window.ran=1</script><img src=x onerror="window.ran=1">\u202e\u001b[31m';
    await console.client.syncMObjects('INSERT', [
      { type: 'Opportunity', attributes: { Name: hostile, [`${hostile}x`.slice(0, 60)]: 'y' } },
      { type: 'Opportunity', attributes: { Name: hostile } },
    ]);
    const page = await newest();
    await page.getByText('<script>window.ran=1</script>').first().waitFor();
    await page.getByText('\\u202e').first().waitFor();
    expect(await page.evaluate('window.ran')).toBeUndefined();
    expect(await page.locator('main script, main img').count()).toBe(0);
  });

  it('a text of 1 MB is cut', async () => {
    await console.client.syncMObjects('INSERT', [
      { type: 'Opportunity', attributes: { Name: 'Long', Description: 'x'.repeat(1_000_000) } },
    ]);
    const page = await newest();
    await rowWith(page, 'FAILED').waitFor();
    expect(await page.evaluate<number>('document.body.innerText.length')).toBeLessThan(400_000);
  });

  it('a call from a form runs dry, and is then sent', async () => {
    const page = await console.open('/try');
    await page.getByLabel('Value', { exact: true }).first().fill('From a form');
    await page.getByRole('button', { name: 'Dry run' }).click();
    await page.getByText('nothing was written').waitFor();
    await rowWith(page, 'CREATED').waitFor();
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await page.getByText('The call was sent').waitFor();
    const { opportunities } = await console.store.contents();
    expect(opportunities.filter(({ values }) => values.get('Name') === 'From a form')).toHaveLength(1);
  });

  it('a call as XML is sent', async () => {
    const page = await console.open('/try?as=xml');
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await page.getByText('The call was sent').waitFor();
    await rowWith(page, 'CREATED').waitFor();
  });
});

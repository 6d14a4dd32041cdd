import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { browserMissing, overflows, useConsole } from './console.ts';

const built = fileURLToPath(new URL('../../dist/console', import.meta.url));

it('is under 300 KB, compressed', () => {
  const files = readdirSync(built, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
  const sizes = files
    .filter(({ name }) => !name.endsWith('.md'))
    .map(({ parentPath, name }) => gzipSync(readFileSync(join(parentPath, name))).length);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(300_000);
});

/** All pages, each with a text that it shows once it is loaded. */
const pages = [
  ['/', 'What the store holds'],
  ['/calls', 'Newest first'],
  ['/calls/1', 'Row'],
  ['/calls/refused', 'in lower-case hex'],
  ['/objects', 'Pipeline by stage'],
  ['/objects/Opportunity', 'stored'],
  ['/objects/Opportunity/64', 'History'],
  ['/objects/Program/1970', 'Costs by month'],
  ['/try', 'The call'],
  ['/try?as=xml', 'Envelope'],
  ['/instance', 'fields of Opportunity'],
  ['/instance?tab=tags', 'Tag types'],
  ['/instance?tab=channels', 'Webinar'],
  ['/instance?tab=file', 'Instance file'],
  ['/users', 'test_1_ABC'],
  ['/settings', 'options'],
  ['/snapshots', 'Take a snapshot'],
  ['/chaos', 'Chaos'],
  ['/nowhere', 'No page has this address'],
] as const;

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const allRules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
/** The rules whose outcome can differ between colours and widths. */
const rulesOfLook = ['color-contrast', 'target-size', 'scrollable-region-focusable', 'link-in-text-block'];

/** Returns what axe finds against WCAG 2.2 AA: the rule and the elements. */
async function violations(page: Page, rules: readonly string[]): Promise<string[]> {
  await page.evaluate(`window.axe ?? (() => { ${axe} })()`);
  return page.evaluate(`axe.run(document, { runOnly: ${JSON.stringify(rules)} })
    .then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html.slice(0, 200)).join(' | ')))`);
}

describe.skipIf(browserMissing)('the console', () => {
  const console = useConsole();
  beforeAll(async () => {
    await console.client.syncMObjects('INSERT', [
      { type: 'Opportunity', attributes: { Name: 'Q1 2014', Amount: 2000, Stage: 'Won' } },
      { type: 'Opportunity', attributes: { Name: 'Q2 2014', Amout: 2000 } },
    ]);
  });

  it('asks for the token, and says what is wrong with another one', async () => {
    const page = await console.open('/users', { isAnonymous: true });
    await page.getByLabel('Admin token').fill('wrong');
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByRole('alert').waitFor();
    await page.getByLabel('Admin token').fill(console.token);
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByRole('heading', { name: 'Users', level: 1 }).waitFor();
  });

  it('comes back to the login when the session has ended', async () => {
    const page = await console.open('/users', { isApart: true });
    await page.getByText('test_1_ABC').waitFor();
    await page.context().clearCookies();
    await page.getByRole('link', { name: 'Objects' }).click();
    await page.getByLabel('Admin token').waitFor();
  });

  it('shows the login once somebody has logged out, and nothing of before to the next one', async () => {
    const page = await console.open('/users', { isApart: true });
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.getByLabel('Admin token').waitFor();
    expect(await page.getByText('test_1_ABC').count()).toBe(0);
  });

  it('comes back to the login when the session ends while calls are shown live', async () => {
    const page = await console.open('/calls', { isApart: true });
    await page.getByRole('button', { name: 'Live' }).waitFor();
    const other = await page.context().newPage();
    await other.goto(page.url());
    await other.getByRole('button', { name: 'Log out' }).click();
    await other.getByLabel('Admin token').waitFor();
    // With the next call, the server sees that the stream's session has ended.
    await console.client.listMObjects();
    await page.getByLabel('Admin token').waitFor({ timeout: 60_000 });
  });

  it('comes back to the login when a change is refused since the session has ended', async () => {
    const page = await console.open('/snapshots', { isApart: true });
    await page.getByText('There is no snapshot yet').waitFor();
    await page.context().clearCookies();
    await page.getByRole('button', { name: 'Take a snapshot' }).click();
    await page.getByLabel('Admin token').waitFor();
  });

  it.each(pages)('has no barrier that axe finds, wide and light, narrow and dark: %s', async (path, text) => {
    const page = await console.open(path);
    await page.getByText(text).first().waitFor();
    expect(await violations(page, allRules)).toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await overflows(page)).toBe(false);
    expect(await violations(page, rulesOfLook)).toEqual([]);
  });

  const background = (page: Page): Promise<string> =>
    page.evaluate('getComputedStyle(document.documentElement).backgroundColor');

  it('is dark where the system is', async () => {
    const light = await background(await console.open('/'));
    expect(await background(await console.open('/', { dark: true }))).not.toBe(light);
  });

  it('keeps the theme that was chosen', async () => {
    const page = await console.open('/', { isApart: true });
    const light = await background(page);
    await page.getByRole('button', { name: 'dark' }).click();
    await page.reload();
    expect(await background(page)).not.toBe(light);
  });

  it('is used by keyboard only', async () => {
    const page = await console.open('/');
    const heading = (name: string) => page.getByRole('heading', { name, level: 1, exact: true }).waitFor();
    await heading('Overview');
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('g');
    await page.keyboard.press('b');
    await heading('Objects');
    await page.getByRole('link', { name: 'Opportunity', exact: true }).waitFor();
    const focused = () => page.evaluate<string>('document.activeElement.textContent');
    for (let count = 0; count < 20 && (await focused()) !== 'Opportunity'; count++)
      await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await heading('Opportunity');
    await page.keyboard.press('/');
    await page.keyboard.type('Q4 2013');
    await page.getByText('1 shown').waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await heading('Opportunity 64: Q4 2013');
    await page.keyboard.press('Escape');
    await heading('Opportunity');
  });

  it.each(['Escape', 'Enter'])('gives the focus back when %s closes a dialog', async (key) => {
    const page = await console.open('/users');
    await page.getByRole('button', { name: 'Add a user' }).press('Enter');
    await page.getByRole('dialog').waitFor();
    if (key === 'Enter') await page.getByRole('button', { name: 'Close' }).focus();
    await page.keyboard.press(key);
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Add a user');
  });

  it('says when the server is gone', async () => {
    const page = await console.open('/objects');
    await page.getByText('Pipeline by stage').waitFor();
    await page.route('**/api/v1/objects/**', (route) => route.abort());
    await page.getByRole('link', { name: 'Opportunity', exact: true }).click();
    await page.getByText('The server does not answer').waitFor();
    await page.unroute('**/api/v1/objects/**');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('Q1 2014').waitFor();
  });
});

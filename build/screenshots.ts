/**
 * Makes the images of the README from the demo: `npm run screenshots`. Needs Chromium (/usr/bin/chromium, or the
 * program that CHROMIUM names).
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { chromium, type Page } from 'playwright-core';
import { buildConsole } from '../console/build.ts';
import { DEMO_SECRET } from '../src/access/secrets.ts';
import { type Client, createClient } from '../src/client/index.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const images = join(root, 'docs/images');
const userId = 'demo_1_809934544BFABAE58E5D27';

/** The images: file, page, and the color scheme. */
const shots = [
  { file: 'overview.webp', path: '/', text: 'What the store holds', dark: false },
  { file: 'call.webp', path: '', text: 'Reason and changes', dark: false },
  { file: 'program.webp', path: '/objects/Program/1970', text: 'Costs by month', dark: true },
] as const;

const stages = ['Prospecting', 'Qualification', 'Proposal', 'Negotiation', 'Won', 'Lost'];

/** Makes calls as an integration would, with some rows that are skipped or fail. */
async function makeCalls(client: Client): Promise<void> {
  for (let call = 0; call < 60; call++) {
    const rows = Array.from({ length: 1 + (call % 7) }, (_, row) => ({
      type: 'Opportunity' as const,
      attributes: {
        Name: `Deal ${call * 10 + row}`,
        Amount: 1000 + ((call * 37 + row * 191) % 90) * 100,
        Stage: stages[(call + row) % stages.length] ?? 'Won',
        ...(call % 9 === 4 && row === 0 ? { Amout: 12 } : {}),
      },
    }));
    await client.syncMObjects('INSERT', rows);
    if (call % 6 === 0) {
      const attributes = { OpportunityId: 64, PersonId: 19, Role: 'Influencer/Champion' };
      await client.syncMObjects('INSERT', [{ type: 'OpportunityPersonRole', attributes }]);
    }
  }
  const months = ['2013-06', '2013-07', '2013-08', '2013-09', '2013-10'];
  for (const [index, month] of months.entries()) {
    const costs = [{ month, amount: 1200 + ((index * 7) % 5) * 650 }];
    await client.syncMObjects('UPDATE', [{ type: 'Program', id: 1970, costs }]);
  }
  // The call that is shown: a row of each kind.
  await client.syncMObjects('UPSERT', [
    { type: 'Opportunity', attributes: { Name: 'Q1 2014', Amount: 2000, Probability: '80%' } },
    { type: 'Opportunity', id: 64, attributes: { Stage: 'Won', Amount: 3400 } },
    {
      type: 'OpportunityPersonRole',
      attributes: { OpportunityId: 64, PersonId: 19, Role: 'Influencer/Champion' },
    },
    { type: 'Opportunity', attributes: { Name: 'Q2 2014', Amout: 2000 } },
    { type: 'Opportunity', attributes: { Name: 'Q3 2014', CloseDate: 'soon' } },
  ]);
}

/** Returns a screenshot as WebP, which the browser itself encodes: a quarter of a PNG. */
async function webpOf(page: Page): Promise<Buffer> {
  const session = await page.context().newCDPSession(page);
  const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality: 82 });
  return Buffer.from(data, 'base64');
}

async function makeImages(url: string, token: string): Promise<void> {
  const headers = { authorization: `Bearer ${token}` };
  const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const browser = await chromium.launch({ executablePath, args });
  try {
    for (const { file, path, text, dark } of shots) {
      const context = await browser.newContext({
        viewport: { width: 1280, height: 800 },
        deviceScaleFactor: 1.5,
        colorScheme: dark ? 'dark' : 'light',
        reducedMotion: 'reduce',
      });
      const page = await context.newPage();
      const answer = await fetch(`${url}/api/v1/session/codes`, { method: 'POST', headers });
      const { code } = (await answer.json()) as { code: string };
      await page.goto(`${url}/console/login#code=${code}`);
      await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
      if (path === '') {
        await page.goto(`${url}/console/calls`);
        await page.getByRole('row').nth(1).getByRole('link').click();
      } else {
        await page.goto(`${url}/console${path}`);
      }
      await page.getByText(text).first().waitFor();
      await page.waitForTimeout(500);
      writeFileSync(join(images, file), await webpOf(page));
      await context.close();
    }
  } finally {
    await browser.close();
  }
}

await buildConsole();
mkdirSync(images, { recursive: true });
const folder = mkdtempSync(join(tmpdir(), 'mktows-screenshots-'));
const database = join(folder, 'mktows.db');
const demo = spawn(
  process.execPath,
  [join(root, 'src/cli/main.ts'), 'demo', '--port', '0', '--database', `sqlite:${database}`],
  { stdio: ['ignore', 'pipe', 'ignore'] },
);
try {
  let endpoint = '';
  for await (const line of createInterface(demo.stdout)) {
    endpoint = /^Endpoint +(\S+)/.exec(line)?.[1] ?? endpoint;
    if (line.startsWith('Press Ctrl-C')) break;
  }
  await makeCalls(createClient({ endpoint, userId, secret: DEMO_SECRET }));
  await makeImages(new URL(endpoint).origin, readFileSync(`${database}.admin-token`, 'utf8').trim());
} finally {
  demo.kill();
  await once(demo, 'exit');
  rmSync(folder, { recursive: true });
}

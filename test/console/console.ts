import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { type CodeOptions, serveValues } from '../../src/cli/code-options.ts';
import { addDemoInstance } from '../../src/cli/instance-file.ts';
import { type Serving, startServing } from '../../src/cli/serving.ts';
import { type Client, createClient } from '../../src/client/index.ts';
import type { Store } from '../../src/store/store.ts';
import { reasonToSkip } from '../programs.ts';

const CHROMIUM = '/usr/bin/chromium';

/** Why tests in a browser cannot run on this machine; undefined if they can. */
export const browserMissing = reasonToSkip([CHROMIUM, '--version'], 'chromium');

export const caller = { userId: 'test_1_ABC', secret: 'a secret of the tests' };

export interface ViewOptions {
  readonly width?: number;
  readonly dark?: boolean;
  /** In a browser of its own: with cookies and a storage that no other test sees. */
  readonly isApart?: boolean;
  /** Before anyone logged in; apart. */
  readonly isAnonymous?: boolean;
}

/** A server with the objects of the demo, and its console in a browser. */
export interface TestConsole {
  readonly endpoint: string;
  readonly client: Client;
  readonly store: Store;
  readonly token: string;
  /** Opens a page of the console, such as `/calls`, logged in. It is closed after the test. */
  open(path: string, options?: ViewOptions): Promise<Page>;
  /** Sends a request to the admin API, with the token. */
  ask<Answer>(path: string, method?: string, body?: unknown): Promise<Answer>;
}

/** Starts a server and a browser for the tests of a file. No page may report an error of script or policy. */
export function useConsole(options: CodeOptions = {}): TestConsole {
  let folder: string;
  let browser: Browser;
  let serving: Serving;
  let store: Store;
  let token: string;
  let apart: BrowserContext[] = [];
  let shared: Promise<BrowserContext> | undefined;
  let pages: Page[] = [];
  let errors: string[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mktows-console-'));
    const values = serveValues({
      port: 0,
      database: `sqlite:${join(folder, 'test.db')}`,
      logLevel: 'silent',
      threads: '1',
      user: caller.userId,
      secret: caller.secret,
      ...options,
    });
    const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    [serving, browser] = await Promise.all([
      startServing(values, async (opened) => {
        store = opened;
        await addDemoInstance(opened);
      }),
      chromium.launch({ executablePath: CHROMIUM, args }),
    ]);
    token = (await readFile(serving.admin?.tokenFile ?? '', 'utf8')).trim();
  });
  afterEach(async () => {
    const seen = errors;
    errors = [];
    await Promise.all([...pages, ...apart].map((opened) => opened.close()));
    pages = [];
    apart = [];
    expect(seen).toEqual([]);
  });
  afterAll(async () => {
    await browser?.close();
    await serving?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function ask<Answer>(path: string, method = 'GET', body?: unknown): Promise<Answer> {
    const response = await fetch(`${serving.server.url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as Answer;
  }

  async function newContext(isAnonymous: boolean): Promise<BrowserContext> {
    const context = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'] });
    if (!isAnonymous) await logIn(context);
    return context;
  }

  async function contextApart(isAnonymous: boolean): Promise<BrowserContext> {
    const context = await newContext(isAnonymous);
    apart = [...apart, context];
    return context;
  }

  function sharedContext(): Promise<BrowserContext> {
    shared ??= newContext(false);
    return shared;
  }

  /** Logs in by the address that `mktows open` opens. */
  async function logIn(context: BrowserContext): Promise<void> {
    const { code } = await ask<{ code: string }>('/session/codes', 'POST');
    const page = await context.newPage();
    await page.goto(`${serving.server.url}/console/login#code=${code}`);
    await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
    expect(new URL(page.url())).toMatchObject({ pathname: '/console/', hash: '' });
    await page.close();
  }

  return {
    get endpoint() {
      return serving.server.endpoint;
    },
    get client() {
      return createClient({ endpoint: serving.server.endpoint, ...caller, retries: 0 });
    },
    get store() {
      return store;
    },
    get token() {
      return token;
    },
    ask,
    async open(path, { width = 1280, dark = false, isApart = false, isAnonymous = false } = {}) {
      const context = isApart || isAnonymous ? await contextApart(isAnonymous) : await sharedContext();
      const page = await context.newPage();
      pages = [...pages, page];
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme: dark ? 'dark' : 'light', reducedMotion: 'reduce' });
      page.setDefaultTimeout(15_000);
      page.on('pageerror', ({ message }) => errors.push(message));
      page.on('console', (message) => {
        // Requests that are refused on purpose.
        if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
          errors.push(message.text());
      });
      await page.goto(`${serving.server.url}/console${path}`);
      return page;
    },
  };
}

/** Resolves to whether something on the page is wider than the page. */
export const overflows = async (page: Page): Promise<boolean> =>
  page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth');

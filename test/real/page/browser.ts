import { existsSync } from 'node:fs';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

/** Where Debian's and other packages put it. */
const PROGRAMS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** @throws Error where there is no Chromium: a tier that tests pages has to have one. */
export async function launch(): Promise<Browser> {
  const program = PROGRAMS.find((each) => existsSync(each));
  if (program === undefined) throw new Error('no Chromium here: apt-get install chromium');
  // Root may not have the sandbox; the pages are the tests' own, and load nothing.
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return await chromium.launch({ executablePath: program, args });
}

/** A page with what went wrong in it, and what it asked of the network. */
export interface Watched {
  readonly page: Page;
  readonly faults: readonly string[];
}

/** Opens a file in a browser of its own: no cookies, no history. */
export async function open(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<Watched> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => faults.push(message.text()));
  page.on('dialog', (dialog) => {
    faults.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    if (!/^(?:file|data):/.test(request.url())) faults.push(`asks for ${request.url()}`);
  });
  await page.goto(url);
  return { page, faults };
}

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { expect } from 'vitest';
import { temporaryFolder } from '../../stacks/folders.ts';
import { violations } from './axe.ts';
import { open } from './browser.ts';

/** Address of a file with the page. */
export function written(html: string): string {
  const file = join(temporaryFolder(), 'page.html');
  writeFileSync(file, html);
  return pathToFileURL(file).href;
}

/** A page is read by everybody at any width, in both schemes, with its tables whole, and asks the network for nothing. */
export async function expectReadable(
  browser: Browser,
  html: string,
  also: (page: Page) => Promise<void> = async () => undefined,
): Promise<void> {
  const url = written(html);
  for (const [width, colorScheme] of [
    [400, 'light'],
    [1280, 'dark'],
    [2560, 'light'],
  ] as const) {
    const { page, faults } = await open(browser, url, { viewport: { width, height: 900 }, colorScheme });
    expect(await violations(page)).toEqual([]);
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
    const heights = await page
      .locator('.numbers thead th')
      .evaluateAll((heads) => heads.map(({ offsetHeight }: { offsetHeight: number }) => offsetHeight));
    expect(Math.max(...heights)).toBeLessThan(40);
    await also(page);
    expect(faults).toEqual([]);
    await page.context().close();
  }
}

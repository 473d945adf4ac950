import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { reportPage } from '../../../lib/simulate/report/page.ts';
import { sampleReport } from '../../lib/simulate/report/sample.ts';
import { temporaryFolder } from '../../stacks/folders.ts';
import { violations } from './axe.ts';
import { launch, open } from './browser.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(async () => {
  await browser.close();
});

describe('the page of a simulation', () => {
  test('is read by everybody at any width, in both schemes, and asks the network for nothing', async () => {
    const file = pathToFileURL(join(temporaryFolder(), 'simulation.html'));
    writeFileSync(file, await reportPage(sampleReport(300)));
    for (const [width, colorScheme] of [
      [390, 'light'],
      [800, 'dark'],
      [1280, 'light'],
    ] as const) {
      const { page, faults } = await open(browser, file.href, { viewport: { width, height: 900 }, colorScheme });
      expect(await violations(page)).toEqual([]);
      expect(await page.locator('svg[role=img]').count()).toBe(3);
      const reach = await page.evaluate<number>('document.documentElement.scrollWidth');
      expect(reach).toBeLessThanOrEqual(width);
      expect(faults).toEqual([]);
      await page.context().close();
    }
  });

  test('offers what a plot is drawn from', async () => {
    const file = pathToFileURL(join(temporaryFolder(), 'simulation.html'));
    writeFileSync(file, await reportPage(sampleReport(300)));
    const { page } = await open(browser, file.href);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Data and specification' }).first().click(),
    ]);
    expect(download.suggestedFilename()).toBe('small-1-capacity.vl.json');
    expect(JSON.parse(readFileSync(await download.path(), 'utf8'))).toHaveProperty('data.values');
    await page.context().close();
  });
});

import { readFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fleetPage } from '../../../lib/fleet/look/page.ts';
import { outlookPage } from '../../../lib/simulate/cloud/page.ts';
import { reportPage } from '../../../lib/simulate/report/page.ts';
import { report as fleetReport, machine } from '../../lib/fleet/look/fleet.ts';
import { outlook, report as outlooks } from '../../lib/simulate/cloud/sample.ts';
import { sampleReport } from '../../lib/simulate/report/sample.ts';
import { launch, open } from './browser.ts';
import { expectReadable, written } from './everybody.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(async () => {
  await browser.close();
});

describe('the page of a simulation', () => {
  test('is read by everybody at any width, in both schemes, and asks the network for nothing', async () => {
    await expectReadable(browser, await reportPage(sampleReport(300)), async (page) => {
      expect(await page.locator('svg[role=img]').count()).toBe(3);
    });
  });

  test('offers what a plot is drawn from', async () => {
    const { page } = await open(browser, written(await reportPage(sampleReport(300))));
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Data and specification' }).first().click(),
    ]);
    expect(download.suggestedFilename()).toBe('small-1-capacity.vl.json');
    expect(JSON.parse(readFileSync(await download.path(), 'utf8'))).toHaveProperty('data.values');
    await page.context().close();
  });
});

test('the page of capacity over time is read by everybody', async () => {
  await expectReadable(browser, await outlookPage('paris', outlooks([outlook(0), outlook(4)])));
});

describe('the page of a fleet', () => {
  const page40 = fleetPage(fleetReport(Array.from({ length: 40 }, (_, number) => machine(number))));

  test('is read by everybody', async () => {
    await expectReadable(browser, page40);
  });

  test('is read by keyboard alone: its tables, the search, and what it finds', async () => {
    const { page } = await open(browser, written(page40));
    const reached: (string | null)[] = [];
    for (let stop = 0; stop < 3; stop += 1) {
      await page.keyboard.press('Tab');
      reached.push(
        await page.evaluate<string | null>('document.activeElement.ariaLabel ?? document.activeElement.name'),
      );
    }
    expect(reached).toEqual(['Queues of jobs', 'Limits of the fleet', 'q']);
    await page.keyboard.type(machine(7).id);
    await page.locator('#list tbody tr:visible').nth(1).waitFor({ state: 'detached' });
    expect(await page.locator('#list tbody tr:visible').count()).toBe(1);
    await page.context().close();
  });
});

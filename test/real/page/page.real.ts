import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Plan } from '../../../lib/plan/model.ts';
import { renderHtml } from '../../../lib/plan/render/html/page.ts';
import { tandemInProcess } from '../../lib/cli/in-process.ts';
import { context, hostilePlan, largePlan, richPlan } from '../../lib/plan/render/html/plans.ts';
import { HOSTILE_TEXTS, PAYLOADS } from '../../properties/payloads.ts';
import { root, temporaryFolder } from '../../stacks/folders.ts';
import { violations } from './axe.ts';
import { launch, open } from './browser.ts';
import { written } from './everybody.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(async () => {
  await browser.close();
});

function fileOf(plan: Plan): string {
  return written(renderHtml(plan, context));
}

const shown = (page: Page): Promise<string[]> => page.locator('details.stack:visible h3').allTextContents();
const said = (page: Page): Promise<string> => page.locator('#tools output').innerText();

describe('the page of the shipped configuration', () => {
  test('opens without a fault, and asks the network for nothing', async () => {
    const file = join(temporaryFolder(), 'plan.html');
    expect(await tandemInProcess(root, ['plan', '--base', 'none', '--html', file])).toMatchObject({ code: 0 });
    const { page, faults } = await open(browser, pathToFileURL(file).href);
    expect(await shown(page)).toContain('aws/staging/network');
    const picture = page.locator('figure img').first();
    await picture.scrollIntoViewIfNeeded();
    expect(await picture.evaluate((image) => (image as unknown as { naturalWidth: number }).naturalWidth)).toBe(1200);
    // Its table of stacks is wider, and scrolls by itself.
    await page.setViewportSize({ width: 400, height: 900 });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(400);
    expect(faults).toEqual([]);
    await page.context().close();
  });
});

describe('reading', () => {
  test('what destroys and the table of stacks are on the first screen', async () => {
    const { page } = await open(browser, fileOf(richPlan()));
    for (const heading of ['Destroyed, replaced or interrupted', 'Stacks']) {
      const box = await page.getByRole('heading', { name: heading, exact: true }).boundingBox();
      expect(box!.y).toBeLessThan(500);
    }
    const table = await page.locator('table.matrix').boundingBox();
    expect(table!.y + table!.height).toBeLessThan(900);
    await page.context().close();
  });

  test.each([
    ['light', 1280],
    ['dark', 1280],
    ['light', 400],
    ['dark', 400],
  ] as const)('is accessible: %s, %i pixels wide, everything opened', async (colorScheme, width) => {
    const { page, faults } = await open(browser, fileOf(richPlan()), { colorScheme, viewport: { width, height: 900 } });
    await page.getByRole('button', { name: 'Expand all' }).click();
    expect(await violations(page)).toEqual([]);
    // Nothing makes the page itself scroll sideways.
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
    expect(faults).toEqual([]);
    await page.context().close();
  });

  test('works without a script: everything is there, and no control that would do nothing', async () => {
    const { page } = await open(browser, fileOf(richPlan()), { javaScriptEnabled: false });
    expect(await page.locator('#tools').isVisible()).toBe(false);
    const stack = page.locator('details.stack', { hasText: 'aws/prod/network' }).first();
    await stack.locator('summary').first().click();
    expect(await stack.locator('li.change').first().isVisible()).toBe(true);
    await page.locator('nav a', { hasText: 'waits' }).click();
    expect(page.url()).toMatch(/#kolla\/paris$/);
    await page.context().close();
  });

  test('prints without its controls', async () => {
    const { page } = await open(browser, fileOf(richPlan()));
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('#tools').isVisible()).toBe(false);
    expect((await page.pdf()).length).toBeGreaterThan(10_000);
    await page.context().close();
  });
});

describe('finding', () => {
  test('by action: stacks and changes without it go, and come back', async () => {
    const { page } = await open(browser, fileOf(richPlan()));
    const all = await shown(page);
    await page.locator('label.choice', { hasText: 'replace' }).click();
    await expect.poll(() => shown(page)).toEqual(['openstack/paris/dev/anna']);
    expect(await page.locator('li.change:visible h4').allInnerTexts()).toHaveLength(1);
    expect(await said(page)).toBe('1 of 7 stacks, 1 change shown');
    await page.getByRole('button', { name: 'Clear' }).click();
    await expect.poll(() => shown(page)).toEqual(all);
    await page.context().close();
  });

  test('by environment and by words, which are found in values too', async () => {
    const { page } = await open(browser, fileOf(richPlan()));
    await page.getByRole('combobox').selectOption('staging');
    await expect.poll(() => shown(page)).toEqual(['aws/staging/network', 'aws/staging/cluster']);
    await page.getByRole('combobox').selectOption('all');
    await page.getByLabel('Search').fill('PORT 8080 web-1');
    await expect.poll(() => shown(page)).toEqual(['openstack/paris/dev/anna']);
    expect(await page.getByText('exec serve --port 8080').isVisible()).toBe(true);
    await page.getByLabel('Search').fill('nothing like it');
    await expect.poll(() => said(page)).toBe('0 of 7 stacks, 0 changes shown');
    await page.context().close();
  });

  test('the address keeps search, filters and the opened stack', async () => {
    const { page } = await open(browser, fileOf(richPlan()));
    await page.getByLabel('Search').fill('vpc');
    await page.locator('label.choice', { hasText: 'create' }).click();
    await page.getByRole('combobox').selectOption('staging');
    await expect.poll(() => page.url()).toContain('#q=vpc&env=staging&action=create');
    await page.reload();
    expect(await page.getByLabel('Search').inputValue()).toBe('vpc');
    expect(await shown(page)).toEqual(['aws/staging/network']);
    await page.getByRole('button', { name: 'Clear' }).click();
    await expect.poll(async () => (await shown(page)).length).toBe(7);
    await page.locator('details.stack', { hasText: 'kolla/paris' }).locator('summary').first().click();
    await expect.poll(() => page.url()).toMatch(/#stack=kolla%2Fparis$/);
    const copy = await open(browser, page.url());
    expect(await copy.page.locator('[id="kolla/paris"]').getAttribute('open')).toBe('');
    await copy.page.context().close();
    await page.context().close();
  });

  test('a link of the index or of a finding opens what it names, though a filter hides it', async () => {
    const { page } = await open(browser, fileOf(richPlan()));
    await page.getByRole('combobox').selectOption('prod');
    await expect.poll(() => shown(page)).toEqual(['aws/prod/network']);
    await page.locator('.findings a', { hasText: 'Policy' }).click();
    const change = page.locator('li.change', { hasText: 'PolicyDocument' });
    expect(await change.isVisible()).toBe(true);
    expect(
      await change.evaluate(
        (each) =>
          (each as unknown as { ownerDocument: { activeElement: unknown } }).ownerDocument.activeElement === each,
      ),
    ).toBe(true);
    await page.goBack();
    await page.locator('nav .matrix a').first().click();
    expect(await page.evaluate("document.activeElement.closest('details.stack').open")).toBe(true);
    await page.context().close();
  });

  test('by keyboard alone', async () => {
    const { page } = await open(browser, fileOf(richPlan()));
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the stacks');
    await page.keyboard.press('Enter');
    for (
      let at = 0;
      at < 12 && (await page.evaluate("document.activeElement.closest('details.stack')")) === null;
      at += 1
    )
      await page.keyboard.press('Tab');
    const focused = (): Promise<unknown> => page.evaluate("document.activeElement.closest('details.stack')?.id");
    const ids = await page.evaluate<string[]>("[...document.querySelectorAll('details.stack')].map(({ id }) => id)");
    expect(await focused()).toBe(ids[0]);
    await page.keyboard.press('ArrowDown');
    expect(await focused()).toBe(ids[1]);
    await page.keyboard.press('End');
    expect(await focused()).toBe(ids.at(-1));
    const isOpen = await page.evaluate("document.activeElement.closest('details.stack').open");
    await page.keyboard.press('Enter');
    expect(await page.evaluate("document.activeElement.closest('details.stack').open")).toBe(isOpen !== true);
    await page.context().close();
  });
});

const TAGS = "[...new Set([...document.querySelectorAll('*')].map((each) => each.tagName))].sort().join()";
const HANDLERS =
  "[...document.querySelectorAll('*')].flatMap((each) => [...each.attributes]).filter(({ name }) => name.startsWith('on')).length";

describe('what others wrote', () => {
  const payloads = {
    ...PAYLOADS,
    ...HOSTILE_TEXTS,
    attribute: `" onfocus="alert(1)" autofocus x='`,
    end: '</script></style><img src=x onerror=alert(1)>',
  };

  test('is shown and never obeyed', async () => {
    const { page, faults } = await open(browser, 'about:blank');
    for (const [kind, text] of Object.entries(payloads)) {
      await page.goto(fileOf(hostilePlan(text)));
      await page.getByRole('button', { name: 'Expand all' }).click();
      expect(faults, kind).toEqual([]);
      expect(await page.evaluate(TAGS), kind).not.toMatch(/IFRAME|OBJECT|EMBED|IMG|SVG|BASE/);
      expect(await page.locator('script').count(), kind).toBe(1);
      expect(await page.evaluate(HANDLERS), kind).toBe(0);
    }
    await page.context().close();
  });

  test('could not run if it came through: the page lets only its own script run', async () => {
    const injected = renderHtml(richPlan(), context).replace(
      '</main>',
      '</main><script>window.ran = true</script><img src="x" onerror="window.ran = true"><img src="http://127.0.0.1:9/x">',
    );
    const { page, faults } = await open(browser, written(injected));
    expect(await page.evaluate('window.ran')).toBeUndefined();
    expect(faults.filter((each) => each.includes('Content Security Policy'))).not.toHaveLength(0);
    await page.context().close();
  });

  test('of a megabyte does not make the page wider or slow', async () => {
    const started = performance.now();
    const { page } = await open(browser, fileOf(hostilePlan('x'.repeat(1_000_000))));
    await page.getByRole('button', { name: 'Expand all' }).click();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(1280);
    expect(performance.now() - started).toBeLessThan(10_000);
    await page.context().close();
  });
});

/** From an act to the page that shows its result, laid out, in milliseconds of the browser's own clock. */
function timed(act: string): string {
  return `(async () => {
    const input = (element) => element.dispatchEvent(new Event('input', { bubbles: true }));
    const output = document.querySelector('#tools output');
    const shown = new Promise((resolve) => new MutationObserver(resolve).observe(output, { childList: true }));
    const started = performance.now();
    ${act};
    await shown;
    void document.body.offsetHeight;
    return performance.now() - started;
  })()`;
}

describe('10,000 changes', () => {
  test('are at most 16 MB, and open, filter and search in seconds', async () => {
    const html = renderHtml(largePlan(10_000), context);
    expect(html.length).toBeLessThan(16_000_000);
    const url = written(html);
    const { page, faults } = await open(browser, url);
    const opened = await page.evaluate<number>(
      'performance.timing.domContentLoadedEventEnd - performance.timing.navigationStart',
    );
    const filtered = await page.evaluate<number>(timed("document.querySelector('input[value=interrupt]').click()"));
    expect(await said(page)).toBe('50 of 50 stacks, 2000 changes shown');
    const searched = await page.evaluate<number>(
      timed("document.querySelector('[name=q]').value = 'server-31-44'; input(document.querySelector('[name=q]'))"),
    );
    expect(await said(page)).toBe('1 of 50 stacks, 1 change shown');
    process.stderr.write(
      `10,000 changes: open ${opened} ms, filter ${filtered.toFixed()} ms, search ${searched.toFixed()} ms
`,
    );
    // A second or less on a quiet machine; what grows with the square of the changes takes more than this on any.
    expect(opened).toBeLessThan(15_000);
    expect(filtered).toBeLessThan(5_000);
    expect(searched).toBeLessThan(5_000);
    expect(faults).toEqual([]);
    await page.context().close();
  });
});

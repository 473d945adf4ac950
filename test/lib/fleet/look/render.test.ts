import { hash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { liveFrame } from '../../../../lib/cli/live-frame.ts';
import { paints } from '../../../../lib/cli/paint.ts';
import { fleetPage } from '../../../../lib/fleet/look/page.ts';
import { filterClient } from '../../../../lib/fleet/look/page-client.ts';
import type { FleetReport } from '../../../../lib/fleet/look/report.ts';
import { fleetLine, fleetText } from '../../../../lib/fleet/look/text.ts';
import { PAYLOADS } from '../../../properties/payloads.ts';
import { AT, machine, measured, report, view } from './fleet.ts';

const plain = { colors: paints(false), columns: 100 };
const few = [
  machine(0),
  machine(1, { heartbeat: { at: AT - 180_000, state: 'busy', job: 'job-1', version: '0.3.0' } }),
];

describe('a fleet at a terminal', () => {
  it('says first what is wrong and what mends it, then jobs and limits, then each instance', () => {
    const text = fleetText(report(few), plain);
    const order = [
      'prod: acme-prod-workers',
      '1 of 2 instances in service',
      '! 1 instance stopped',
      'tandem fleet replace prod --where',
      'waiting',
      'addresses in eu-west-3a',
      'zone  ',
      'instance  ',
      machine(0).id,
    ];
    const at = order.map((each) => text.indexOf(each));
    expect(at.every((each) => each >= 0)).toBe(true);
    expect(at).toEqual(at.toSorted((a, b) => a - b));
    expect(text).toMatch(/jobs +1,204 +3 +12 min 5 s +0/);
  });

  it.each([80, 200])('breaks no line of its table of instances in %i columns', (columns) => {
    const lines = fleetText(report(few), { ...plain, columns }).split('\n');
    const table = lines.slice(lines.findIndex((line) => line.startsWith('instance ')));
    expect(Math.max(...table.map((line) => line.length))).toBeLessThanOrEqual(columns);
    expect(table[0]?.includes('template')).toBe(columns === 200);
  });

  it('names in one line what all have in common', () =>
    expect(fleetText(report(few), plain)).toMatch(/^all +type c7g.xlarge, purchase on-demand,/m));

  it('does not list 500 of them, nor is it longer than a screen', () => {
    const text = fleetText(report(Array.from({ length: 500 }, (_, number) => machine(number))), plain);
    expect(text).toContain('500 instances: --where chooses some of them');
    expect(text.split('\n').length).toBeLessThan(40);
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
  });

  it('is one line in a log', () => {
    const line = fleetLine(report(few));
    expect(line).toMatch(/^03:00:00 1 of 2 instances in service.*jobs: 1,204 waiting, 3 running; ! 1 instance stopped/);
    expect(line).not.toContain('\n');
  });

  it('shows what is hostile as text, wherever it comes from', () => {
    const tags = skeleton(fleetPage(told('x')));
    for (const text of Object.values(PAYLOADS)) {
      for (const shown of [fleetText(told(text), plain).replaceAll('\n', ''), fleetLine(told(text))])
        expect(shown).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
      expect(fleetText(told(text), plain).length).toBeLessThan(10_000);
      expect(skeleton(fleetPage(told(text)))).toBe(tags);
    }
  });
});

/** A report in which all that AWS and agents may write is this text. */
function told(text: string): FleetReport {
  const sick = machine(0, {
    ...{ type: text, imageId: text, templateVersion: text, zone: text, program: text, health: 'unhealthy' },
    heartbeat: { at: AT, state: 'busy', job: text, version: text },
  });
  const queues = [{ name: text, waiting: 1, running: 1, oldestSeconds: 1, deadLetters: 1 }];
  return report([sick], { measured: { ...measured, queues }, view: view([sick], { suspended: [text], name: text }) });
}

/** Every tag with its attributes' names: what a browser makes of the page, whatever its texts are. */
function skeleton(page: string): string {
  const body = page.replace(/<(script|style)>.*?<\/\1>/gs, '<$1>');
  return [...body.matchAll(/<[^>]*>/g)].map(([tag]) => tag.replace(/"[^"]*"/g, '""')).join('\n');
}

describe('a fleet that is watched', () => {
  it('is drawn in place, cut to the terminal, with whole colours', () => {
    const drawn: string[] = [];
    const frame = liveFrame({ columns: 24, rows: 5 }, (text) => drawn.push(text));
    frame.show(`\u001b[31m${'x'.repeat(30)}\u001b[39m\n1\n2\n3\n4\n5\n`);
    frame.show('once more\n');
    expect(drawn[0]).toBe(`\r\u001b[J\u001b[31m${'x'.repeat(23)}\u001b[39m\n1\n2\n… 3 more lines\n`);
    expect(drawn[1]).toBe('\u001b[4A\r\u001b[Jonce more\n');
  });
});

describe('a fleet as a page', () => {
  const page = fleetPage(report(few));

  it('lets only its own script and style run, by their digests, and loads nothing', () => {
    const [, policy = ''] = /Content-Security-Policy" content="([^"]*)"/.exec(page) ?? [];
    const [, style = ''] = /<style>(.*?)<\/style>/s.exec(page) ?? [];
    const [, script = ''] = /<script>(.*?)<\/script>/s.exec(page) ?? [];
    const digest = (text: string) => `&#39;sha256-${hash('sha256', text, 'base64')}&#39;`;
    expect(policy).toContain('default-src &#39;none&#39;');
    expect(policy).toContain(`script-src ${digest(script)};`);
    expect(policy).toContain(`style-src ${digest(style)};`);
    expect(page).not.toMatch(/\b(src|href|action)=|url\(|@import/);
  });

  it('has a row for each of 500 instances, and marks those that are sick', () => {
    const all = fleetPage(report(Array.from({ length: 500 }, (_, number) => machine(number))));
    expect(all.match(/<tr><th scope="row"><code>i-/g)).toHaveLength(500);
    expect(all.length).toBeLessThan(500_000);
    expect(page).toContain(`<tr class="bad"><th scope="row"><code>${few[1]?.id ?? ''}`);
  });

  it('searches the rows', () => {
    const row = (text: string) => element({ textContent: text });
    const rows = [row('i-1 eu-west-3a busy'), row('i-2 eu-west-3b lost')];
    const [tools, search, output] = [element({ hidden: true }), element({}), element({})];
    const parts: Record<string, ReturnType<typeof element>> = {
      '#tools': tools,
      '#tools input': search,
      '#tools output': output,
    };
    filterClient({ querySelector: (selector) => parts[selector] ?? null, querySelectorAll: () => rows });
    search.value = 'WEST-3B lost';
    search.listeners['input']?.({ preventDefault: () => undefined });
    expect([tools.hidden, rows.map(({ hidden }) => hidden), output.textContent]).toEqual([
      false,
      [true, false],
      '1 of 2',
    ]);
  });
});

function element(props: { hidden?: boolean; textContent?: string }) {
  const listeners: Record<string, (event: { preventDefault(): void }) => void> = {};
  return {
    ...{ hidden: false, value: '', textContent: '' as string | null, listeners, ...props },
    querySelector: () => null,
    querySelectorAll: () => [],
    addEventListener(event: string, listener: (event: { preventDefault(): void }) => void) {
      listeners[event] = listener;
    },
  };
}

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runDocument } from '../../../../lib/actions/simulate/document.ts';
import { runSchema } from '../../../../lib/actions/simulate/schema.ts';
import { paints } from '../../../../lib/cli/paint.ts';
import { renderRun } from '../../../../lib/cli/render/simulate.ts';
import { demandOf } from '../../../../lib/simulate/measure/demand.ts';
import { reportPage } from '../../../../lib/simulate/report/page.ts';
import { plotsOf } from '../../../../lib/simulate/report/plots.ts';
import { costSeries } from '../../../../lib/simulate/report/series.ts';
import { svgOf } from '../../../../lib/simulate/report/svg.ts';
import { workloadOf } from '../../../../lib/simulate/workload/workload.ts';
import { sampleReport } from './sample.ts';

const view = { colors: paints(false), columns: 100 };
const report = sampleReport(300);
const [sample] = report.workloads;

describe('what is needed for nobody to wait', () => {
  it('is at each time the number of jobs under way, as counted one by one', () => {
    const traced = fc.array(
      fc.record({ at: fc.integer({ min: 0, max: 300 }), seconds: fc.integer({ min: 1, max: 200 }) }),
      { minLength: 1, maxLength: 40 },
    );
    fc.assert(
      fc.property(traced, fc.integer({ min: 1, max: 3 }), (jobs, slots) => {
        const { instances, slotSeconds } = demandOf(workloadOf('any', jobs, 300), { slots, maximum: 100 });
        const most = instances.map((_, slot) => {
          const seconds = Array.from({ length: slotSeconds }, (__, second) => slot * slotSeconds + second);
          const busy = (now: number) => jobs.filter(({ at, seconds: run }) => at <= now && now < at + run).length;
          return Math.ceil(Math.max(...seconds.map(busy)) / slots);
        });
        expect(instances).toEqual(most);
      }),
    );
  });

  it('is never more than the maximum, and then takes as long as the work does', () => {
    const jobs = Array.from({ length: 30 }, () => ({ at: 0, seconds: 100 }));
    expect(demandOf(workloadOf('any', jobs, 10), { slots: 1, maximum: 10 }).instances).toEqual(Array(30).fill(10));
  });
});

describe('the report of twenty jobs at once on five instances', () => {
  // By hand: five at a time, five minutes each, so that the last five wait for three rounds and the slowest p95 is 15 min. The best
  // launches fifteen: 5 h for the five that stay, 15 x (300 + 65) s for the others.
  it('says it in a sentence and a table', () => {
    expect(renderRun(report, view)).toMatchInlineSnapshot(`
      "small on twenty at once: 20 jobs in 1 h
      95 of 100 jobs wait at most 15 min; 5.0 instance-hours, 1.00 USD. The best possible without a wait
        is 6.5 instance-hours, 1.12 USD; small is 24 % below it.

      policy                  p50     p95     p99  slowdown  late  instance-h   USD  lost  regret
      configured            5 min  15 min  15 min       2.5    10         5.0  1.00   0 s   -24 %
      target-tracking  4 min 12 s   5 min   5 min       1.7     0         7.8  1.22   0 s    20 %
      "
    `);
  });

  it('is no wider than the terminal: what can be left out is, and that is said', () => {
    const lines = renderRun(report, { ...view, columns: 80 }).split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(lines.find((line) => line.startsWith('policy'))).toMatch(
      /^policy +p50 +p95 +p99 +late +instance-h +USD +regret$/,
    );
    expect(lines).toContain('In 80 columns without slowdown, lost: --html and --json have all.');
    expect(renderRun(report, { ...view, columns: 160 })).toContain('slowdown');
  });

  it('says how long a queue is longer after machines were lost', () => {
    const lossy = sampleReport(undefined, true, [{ at: 750, instances: 4 }]);
    const text = renderRun(lossy, { ...view, columns: 160 }).replaceAll(/\s+/g, ' ');
    expect(text).toContain(
      '4 instances are lost at once after 12 min 30 s: 4 jobs of theirs wait again, and the queue is as short as before after 2 min 30 s.',
    );
    expect(text).toContain('policy p50 p95 p99 slowdown backlog instance-h USD lost regret');
    const document = runSchema.parse({ format: 'tandem.simulate/1', ...runDocument(lossy) });
    expect(document.workloads[0]?.policies[0]?.losses).toEqual([
      { at: '2026-11-02T00:12:30.000Z', instances: 4, jobs: 4, backlogSeconds: 150 },
    ]);
  });

  it('is the same as JSON, by its schema', () => {
    const document = runSchema.parse({ format: 'tandem.simulate/1', ...runDocument(report) });
    const [{ best, policies } = { best: undefined, policies: [] }] = document.workloads;
    expect(best?.instanceHours).toBeCloseTo(5 + (15 * 365) / 3600, 5);
    expect(best?.usd).toBeCloseTo(5 * 0.2 + ((15 * 365) / 3600) * 0.08, 5);
    expect(policies[0]).toMatchObject({
      lateJobs: 10,
      undoneJobs: 0,
      spotHours: 0,
      waitSeconds: { p50: 300, p95: 900 },
    });
    expect(policies[1]?.spotHours).toBeGreaterThan(0);
  });

  it('has the plots that it has data for, drawn without a script, with the data beside', async () => {
    if (sample === undefined) throw new Error('no workload');
    const plots = plotsOf(sample);
    expect(plots.map(({ id }) => id)).toEqual(['capacity', 'waits', 'cost']);
    for (const plot of plots) {
      const svg = await svgOf(plot);
      expect(svg).toMatch(/^<svg role="img" aria-label="[^"]{20,}"/);
      expect(svg).not.toMatch(/<script|style=|href=/);
      expect(await svgOf(plot)).toBe(svg);
    }
    expect(await svgOf(plots[2] as (typeof plots)[0])).toContain('<title>configured: 15.0 min, 1.00 USD</title>');
    const page = await reportPage(report);
    expect(page).toContain('default-src &#39;none&#39;; style-src');
    expect(page).not.toContain('<script');
    const [, first = ''] = /base64,([\w+/=]+)" download="small-1-capacity.vl.json"/.exec(page) ?? [];
    expect(JSON.parse(Buffer.from(first, 'base64').toString())).toEqual(plots[0]?.spec);
  });

  it('tells hours where there are no prices', async () => {
    const bare = sampleReport(undefined, false);
    const [first] = bare.workloads;
    if (first === undefined) throw new Error('no workload');
    expect(renderRun(bare, view)).toMatch(
      /5\.0 instance-hours\. The best possible without a wait\s+is\s+6\.5\s+instance-hours;/,
    );
    expect(renderRun(bare, view)).not.toMatch(/\d USD|late/);
    expect(runDocument(bare).workloads[0]?.policies[0]).toMatchObject({ usd: null, lateJobs: 0 });
    const drawn = await svgOf(plotsOf(first)[2] as Exclude<ReturnType<typeof plotsOf>[0], undefined>);
    expect(drawn).toContain('15.0 min, 4.99 instance-hours');
  });

  it('plots regret against forecast error where something was tried with a wrong one', async () => {
    if (sample === undefined) throw new Error('no workload');
    const forecasts = [0, 100, 200].map((errorPercent) => ({
      policy: 'learned',
      errorPercent,
      regretPercent: 4,
      p95: 7,
    }));
    const plot = plotsOf({ ...sample, forecasts }).at(-1);
    expect(plot?.id).toBe('forecast');
    expect(await svgOf(plot as Exclude<typeof plot, undefined>)).toContain('learned');
  });

  it('joins the policies that no other beats', () => {
    if (sample === undefined) throw new Error('no workload');
    const [configured, tracking] = sample.policies;
    if (configured === undefined || tracking === undefined) throw new Error('no policies');
    const beaten = { ...configured, policy: 'beaten', waits: { ...configured.waits, p95: 1000 } };
    const dearer = { ...configured, policy: 'dearer', usd: (configured.usd ?? 0) + 0.1 };
    const points = costSeries({ ...sample, policies: [configured, tracking, beaten, dearer] });
    expect(points.map(({ isFront }) => isFront)).toEqual([true, true, false, false]);
  });
});

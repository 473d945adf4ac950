import { expect, test } from 'vitest';
import type { LeaseOutlook } from '../../../../lib/simulate/cloud/outlook.ts';
import { outlookPage } from '../../../../lib/simulate/cloud/page.ts';
import { outlookPlots } from '../../../../lib/simulate/cloud/plots.ts';
import type { OutlookReport } from '../../../../lib/simulate/cloud/words.ts';
import { svgOf } from '../../../../lib/simulate/report/svg.ts';

const same = (value: number) => ({ p10: value, p50: value, p90: value });

/** Two weeks; without more hosts, none of a flavor fits in a tenth of the runs from day 7 on, and in half from day 14. */
function outlook(moreHosts: number): LeaseOutlook {
  const isTight = moreHosts === 0;
  return {
    ...{ moreHosts, runs: 10, checkpoints: [0, 7, 14], use: [same(50), { p10: 60, p50: 70, p90: 80 }, same(90)] },
    flavors: [
      {
        ...{ flavor: 'm1.big', room: [same(5), isTight ? { p10: 0, p50: 2, p90: 4 } : same(3), same(isTight ? 0 : 1)] },
        ...{ goneInTenth: isTight ? 7 : undefined, goneInHalf: isTight ? 14 : undefined },
      },
    ],
    blueprints: [{ blueprint: 'di', asked: 40, refused: isTight ? 10 : 0, firstInTenth: 7, firstInHalf: 14 }],
    ...{ began: 10, asked: 40, refused: isTight ? 10 : 0, refusedByStorage: 0, ended: 20, left: isTight ? 20 : 30 },
  };
}

const like = [{ blueprint: 'di', days: 30 }];
const trend = { months: [4, 8, 12, 16], perMonth: 1, error: 0.25 };
const report = (outlooks: readonly LeaseOutlook[]): OutlookReport => ({
  ...{ days: 14, seed: 3, outlooks },
  arrivals: { perWeek: 4.5, trend, like, from: { leases: 40, weeks: 16 } },
});

test('the page says when what stops fitting, with the hosts that are there and with more, without a script', async () => {
  const page = await outlookPage('paris', report([outlook(0), outlook(4)]));
  expect(page).toContain(
    'paris over 14 days, with 4.5 new leases a week now and 5 on day 14, as 40 leases began in 16 weeks',
  );
  expect(page).toContain('in the last 4 months of 28 days 4, 8, 12, 16 leases began');
  expect(page).toContain(
    'The hosts that are there: 25 % of the new leases are refused, from day 14 on in half of the runs; m1.big may stop fitting.',
  );
  expect(page).toContain('With 4 more hosts: no new lease is refused; every flavor still fits at the end.');
  expect(page).toMatch(/<th scope="row">m1\.big<\/th><td>5<\/td><td>0<\/td><td>day 7<\/td><td>day 14<\/td>/);
  expect(page).toMatch(/<th scope="row">m1\.big<\/th><td>5<\/td><td>1<\/td><td>-<\/td><td>-<\/td>/);
  expect(page).toContain('download="paris-capacity-fits.vl.json"');
  expect(page).not.toContain('<script');
});

test('plots show use, room and when flavors stop fitting; what is compared has a legend', async () => {
  const [two, one] = [outlookPlots(report([outlook(0), outlook(4)])), outlookPlots(report([outlook(0)]))];
  expect(two.map(({ id }) => id)).toEqual(['use', 'fits', 'room']);
  const fits = (two[1]?.spec as { data: { values: object[] } }).data.values;
  expect(fits).toEqual([
    { flavor: 'm1.big', hosts: 'hosts as they are', day: 0, to: 7, fits: 'fits in nine of ten runs' },
    { flavor: 'm1.big', hosts: 'hosts as they are', day: 7, to: 14, fits: 'fits in half of the runs' },
    { flavor: 'm1.big', hosts: '4 more hosts', day: 0, to: 14, fits: 'fits in nine of ten runs' },
  ]);
  for (const plot of [...two, ...one]) {
    const svg = await svgOf(plot);
    expect(svg).not.toMatch(/NaN|undefined|<script/);
    expect(svg.includes('4 more hosts')).toBe(two.includes(plot));
  }
});

import { expect, test } from 'vitest';
import { outlookPage } from '../../../../lib/simulate/cloud/page.ts';
import { outlookPlots } from '../../../../lib/simulate/cloud/plots.ts';
import { svgOf } from '../../../../lib/simulate/report/svg.ts';
import { outlook, report } from './sample.ts';

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
    // Not by colour alone.
    expect(svg.includes('stroke-dasharray="6,2"')).toBe(two.includes(plot) && plot.id !== 'fits');
  }
});

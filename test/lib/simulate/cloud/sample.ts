import type { LeaseOutlook, OutlookReport } from '../../../../lib/simulate/cloud/report.ts';

const same = (value: number) => ({ p10: value, p50: value, p90: value });

/** Two weeks; without more hosts, none of a flavor fits in a tenth of the runs from day 7 on, and in half from day 14. */
export function outlook(moreHosts: number): LeaseOutlook {
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
export const report = (outlooks: readonly LeaseOutlook[]): OutlookReport => ({
  ...{ days: 14, seed: 3, outlooks },
  arrivals: { perWeek: 4.5, trend, like, from: { leases: 40, weeks: 16 } },
});

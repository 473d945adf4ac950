import { counted } from '../../text/plural.ts';
import { COLORS, type Plot, spec, told, WIDTH } from '../report/plots.ts';
import type { LeaseOutlook, OutlookReport, Quantiles } from './report.ts';

/** Pictures of what becomes of a cloud's room. */
export function outlookPlots(report: OutlookReport): Plot[] {
  return [usePlot(report), fitsPlot(report), roomPlot(report)];
}

const DAY = { field: 'day', type: 'quantitative', title: 'days from now', axis: { grid: false } } as const;

/** As legends and axes have room for. */
function nameOf({ moreHosts }: LeaseOutlook): string {
  return moreHosts === 0 ? 'hosts as they are' : counted(moreHosts, 'more host');
}

/** One point of each checkpoint. */
function points(outlook: LeaseOutlook, values: readonly Quantiles[], more: object): object[] {
  return values.map((quantiles, index) => ({
    hosts: nameOf(outlook),
    day: outlook.checkpoints[index] ?? 0,
    ...quantiles,
    ...more,
  }));
}

/** A line of the middle, and a band of nine runs of ten. */
function banded(report: OutlookReport, title: string): object[] {
  const { color, strokeDash } = told('hosts', report.outlooks.map(nameOf));
  const y = (field: string) => ({ field, type: 'quantitative', title, axis: { minExtent: 52 } });
  return [
    { mark: { type: 'area', opacity: 0.2 }, encoding: { x: DAY, y: y('p10'), y2: { field: 'p90' }, color } },
    { mark: { type: 'line', strokeWidth: 2 }, encoding: { x: DAY, y: y('p50'), color, strokeDash } },
  ];
}

function usePlot(report: OutlookReport): Plot {
  const values = report.outlooks.flatMap((each) => points(each, each.use, {}));
  return {
    ...{ id: 'use', title: 'Use of the hosts' },
    description:
      'How much of what the hosts give to servers is taken, of vCPUs or memory, whichever is more. The line is the middle of all runs; eight of ten are in the band.',
    spec: spec(values, { ...{ width: WIDTH, height: 200 }, layer: banded(report, 'percent taken') }),
  };
}

function roomPlot(report: OutlookReport): Plot {
  const values = report.outlooks.flatMap((each) =>
    each.flavors.flatMap(({ flavor, room }) => points(each, room, { flavor })),
  );
  return {
    ...{ id: 'room', title: 'Servers that still fit' },
    description:
      'Of each flavor, how many more servers fit after the worst failure, counted for it alone. The line is the middle of all runs; eight of ten are in the band.',
    spec: spec(values, {
      facet: { row: flavorRows(report) },
      spec: { ...{ width: WIDTH, height: 90 }, layer: banded(report, 'servers') },
      ...{ spacing: 14, resolve: { scale: { y: 'independent' } } },
    }),
  };
}

function flavorRows({ outlooks: [first] }: OutlookReport): object {
  return {
    ...{ field: 'flavor', type: 'nominal', title: null, sort: first?.flavors.map(({ flavor }) => flavor) ?? [] },
    header: { labelAngle: 0, labelOrient: 'top', labelAnchor: 'start' },
  };
}

const FITS = ['fits in nine of ten runs', 'fits in half of the runs', 'fits in fewer'] as const;

function fitsPlot(report: OutlookReport): Plot {
  const values = report.outlooks.flatMap((outlook) =>
    outlook.flavors.flatMap(({ flavor, goneInTenth, goneInHalf }) => {
      const [tenth, half] = [goneInTenth ?? report.days, goneInHalf ?? report.days];
      const parts = [
        [0, tenth],
        [tenth, half],
        [half, report.days],
      ] as const;
      return parts.flatMap(([day, to], index) =>
        to > day ? [{ flavor, hosts: nameOf(outlook), day, to, fits: FITS[index] }] : [],
      );
    }),
  );
  const scale = { domain: FITS, range: [COLORS[2], '#e69f00', '#b3261e'] };
  return {
    ...{ id: 'fits', title: 'When flavors stop fitting' },
    description:
      'Of each flavor, until when another server of it fits after the worst failure: in nine of ten runs, and in half of them.',
    spec: spec(values, {
      facet: { row: flavorRows(report) },
      spec: {
        ...{ width: WIDTH, height: { step: 22 } },
        mark: { type: 'bar', height: 14 },
        encoding: {
          x: { ...DAY, scale: { domain: [0, report.days], nice: false } },
          x2: { field: 'to' },
          y: { field: 'hosts', type: 'nominal', title: null, sort: null, axis: { ticks: false } },
          color: { field: 'fits', type: 'nominal', scale, legend: { orient: 'top', title: null } },
        },
      },
      spacing: 8,
    }),
  };
}

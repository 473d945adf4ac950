import type { ForecastPoint, WorkloadReport } from './report.ts';
import { BEST, capacitySeries, costSeries, waitSeries } from './series.ts';

/** A plot in Vega-Lite's words, with its data in it. */
export interface Plot {
  /** Of the file that it is offered as. */
  readonly id: string;
  readonly title: string;
  /** What is seen in it, for those who do not see it. */
  readonly description: string;
  readonly spec: object;
}

const SCHEMA = 'https://vega.github.io/schema/vega-lite/v6.json';
/** Okabe and Ito's colours, apart for every kind of sight, less those that are too light for either scheme. */
export const COLORS = ['#1f83c4', '#d55e00', '#009e73', '#cc79a7', '#8a6d00', '#777777'] as const;
const DASHES = [
  [1, 0],
  [6, 2],
  [2, 2],
  [8, 3, 2, 3],
  [4, 4],
  [1, 3],
] as const;
export const WIDTH = 640;

/** The plots of a workload: those that it has data for. */
export function plotsOf(report: WorkloadReport): Plot[] {
  return [capacityPlot(report), waitPlot(report), costPlot(report), ...forecastPlot(report)];
}

/** A specification with its data in it. */
export function spec(values: readonly object[], rest: object): object {
  return { $schema: SCHEMA, data: { values }, ...rest };
}

function capacityPlot(report: WorkloadReport): Plot {
  const values = capacitySeries(report);
  const inDays = (values.at(-1)?.hour ?? 0) > 72;
  const order = [...report.policies.map(({ policy }) => policy), BEST];
  const x = {
    field: 'at',
    type: 'quantitative',
    title: `${inDays ? 'days' : 'hours'} since the beginning`,
    axis: { grid: false },
  };
  const y = (field: string) => ({ field, type: 'quantitative', title: 'instances' });
  return {
    ...{ id: 'capacity', title: 'Demand and capacity' },
    description: `Instances over time, of ${order.join(', ')}: a grey area of those that are needed for no job to wait, and a line of those that are charged.`,
    spec: spec(values, {
      transform: [{ calculate: `datum.hour / ${inDays ? 24 : 1}`, as: 'at' }],
      facet: {
        row: {
          field: 'policy',
          type: 'nominal',
          sort: order,
          title: null,
          header: { labelAngle: 0, labelOrient: 'top', labelAnchor: 'start' },
        },
      },
      spec: {
        ...{ width: WIDTH, height: 90 },
        layer: [
          {
            mark: { type: 'area', interpolate: 'step-after', color: '#808080', opacity: 0.4 },
            encoding: { x, y: y('needed') },
          },
          {
            mark: { type: 'line', interpolate: 'step-after', color: COLORS[0], strokeWidth: 1.5 },
            encoding: { x, y: y('charged') },
          },
        ],
      },
      spacing: 14,
    }),
  };
}

/** How lines are told apart, by colour and by dashes: values of a field, in their order. */
export function told(field: string, domain: readonly string[]) {
  const scaled = (range: readonly unknown[]) => ({
    domain,
    range: domain.map((_, index) => range[index % range.length]),
  });
  const symbols = { symbolType: 'stroke', symbolSize: 400, symbolOpacity: 1 };
  const legend = domain.length < 2 ? null : { orient: 'top', title: null, ...symbols, columns: 3 };
  return {
    color: { field, type: 'nominal', scale: scaled(COLORS), legend },
    strokeDash: { field, type: 'nominal', scale: scaled(DASHES), legend },
  };
}

const byPolicy = (all: readonly { readonly policy: string }[]) =>
  told('policy', [...new Set(all.map(({ policy }) => policy))]);

function waitPlot(report: WorkloadReport): Plot {
  return {
    ...{ id: 'waits', title: 'How long jobs wait' },
    description:
      'For each policy, the percentage of jobs that waited no longer than a time, on a logarithmic scale; 1 s stands for all that waited no longer than that.',
    spec: spec(waitSeries(report), {
      ...{ width: WIDTH, height: 240 },
      mark: { type: 'line', strokeWidth: 2 },
      encoding: {
        x: {
          ...{ field: 'wait', type: 'quantitative', scale: { type: 'log', nice: false }, title: 'wait' },
          axis: {
            values: [1, 10, 60, 600, 3600, 36_000],
            labelExpr:
              "datum.value < 60 ? datum.value + ' s' : datum.value < 3600 ? datum.value / 60 + ' min' : datum.value / 3600 + ' h'",
          },
        },
        y: {
          field: 'percent',
          type: 'quantitative',
          title: 'percent of jobs that waited no longer',
          scale: { domain: [0, 100] },
        },
        ...byPolicy(report.policies),
      },
    }),
  };
}

function costPlot(report: WorkloadReport): Plot {
  const values = costSeries(report);
  const hasMoney = report.policies.every(({ usd }) => usd !== undefined);
  const inMinutes = values.some(({ wait }) => wait > 600);
  const unit = hasMoney ? 'USD' : 'instance-hours';
  const x = {
    field: 'at',
    type: 'quantitative',
    title: `wait of the 95th percentile, in ${inMinutes ? 'minutes' : 'seconds'}`,
    scale: { zero: true },
  };
  const y = { field: 'cost', type: 'quantitative', title: unit, scale: { zero: false } };
  const least = hasMoney ? report.best.usd : report.best.instanceHours;
  return {
    ...{ id: 'cost', title: 'Cost against wait' },
    description: `Each policy as a point: its wait to the right, its cost in ${unit} upwards. A line joins those that no other beats in both; another one shows the best possible without a wait.${hasMoney ? ' How many instances are Spot is partly chance, so that a policy may lie below it.' : ''}`,
    spec: spec(values, {
      ...{ width: WIDTH, height: 260 },
      transform: [
        { calculate: `datum.wait / ${inMinutes ? 60 : 1}`, as: 'at' },
        {
          calculate: `datum.policy + ': ' + format(datum.at, '.1f') + '${inMinutes ? ' min' : ' s'}, ' + format(datum.cost, ',.2f') + ' ${unit}'`,
          as: 'label',
        },
      ],
      layer: [
        {
          transform: [{ filter: 'datum.isFront' }],
          mark: { type: 'line', interpolate: 'step-after', color: '#808080', strokeDash: [4, 3] },
          encoding: { x, y, order: { field: 'wait' } },
        },
        ...(least === undefined
          ? []
          : [
              {
                data: { values: [{ cost: least, label: BEST }] },
                mark: { type: 'rule', color: COLORS[2] },
                encoding: { y },
              },
              {
                data: { values: [{ cost: least, label: BEST }] },
                mark: { type: 'text', align: 'left', dy: -6, x: 4, fontSize: 12 },
                encoding: { y, text: { field: 'label' } },
              },
            ]),
        {
          mark: { type: 'point', filled: true, size: 90, opacity: 1 },
          encoding: {
            x,
            y,
            color: { ...byPolicy(report.policies).color, legend: null },
            description: { field: 'label' },
          },
        },
        { mark: { type: 'text', dy: -12, fontSize: 12 }, encoding: { x, y, text: { field: 'policy' } } },
      ],
    }),
  };
}

function forecastPlot({ forecasts = [] }: WorkloadReport): Plot[] {
  if (forecasts.length === 0) return [];
  const panel = (field: keyof ForecastPoint, title: string) => ({
    ...{ width: WIDTH, height: 180 },
    mark: { type: 'line', point: true, strokeWidth: 2 },
    encoding: {
      x: { field: 'errorPercent', type: 'quantitative', title: 'error of the forecast, in percent' },
      y: { field, type: 'quantitative', title },
      ...byPolicy(forecasts),
    },
  });
  return [
    {
      ...{ id: 'forecast', title: 'Regret against forecast error' },
      description:
        "Tandem's own policy with a forecast that is too high or too low by a share of what comes, with what it learns by itself, and with none: above, how far its instance-hours are above the best possible; below, the wait of the 95th percentile.",
      spec: spec(forecasts, {
        vconcat: [panel('regretPercent', 'regret, in percent'), panel('p95', 'wait, in seconds')],
      }),
    },
  ];
}

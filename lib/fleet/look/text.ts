import type { Colors } from 'picocolors/types.js';
import { duration } from '../../text/duration.ts';
import { firstOf } from '../../text/listed.ts';
import { counted } from '../../text/plural.ts';
import { printableLine } from '../../text/printable.ts';
import { table } from '../../text/table.ts';
import { wrap } from '../../text/wrap.ts';
import { COUNTED, type FleetReport, headline, type MachineRow } from './report.ts';

export interface TextOptions {
  readonly colors: Colors;
  readonly columns: number;
  /** Instances that are listed one by one at most. @default 40 */
  readonly rows?: number;
}

const ROWS = 40;
/** Ids of a finding that are named. */
const NAMED = 5;

/** A fleet for people at a terminal: what is wrong first, then how many have what, then the instances, as far as there are few. */
export function fleetText(report: FleetReport, { colors, columns, rows = ROWS }: TextOptions): string {
  const { environment, account, region, at, machines, total } = report;
  const where = `${environment}: ${report.group.name} in ${region}, account ${account}, at ${at.slice(11, 19)} UTC`;
  const chosen = machines.length === total ? [] : [`${machines.length} of ${counted(total, 'instance')} chosen`];
  const parts = [
    [colors.bold(shown(where, 200)), headline(report), ...chosen],
    findingLines(report, colors, columns),
    queueLines(report),
    limitLines(report),
    countLines(report, columns),
    machineLines(machines, rows, columns),
  ];
  return `${parts.flatMap((lines) => (lines.length === 0 ? [] : [lines.join('\n')])).join('\n\n')}\n`;
}

/** A fleet in one line, for logs. */
export function fleetLine(report: FleetReport): string {
  const { at, queues, findings } = report;
  const jobs = queues.map(
    ({ name, waiting, running }) => `${name}: ${number(waiting)} waiting, ${number(running)} running`,
  );
  const warnings = findings.flatMap(({ level, text }) => (level === 'warn' ? [`! ${text}`] : []));
  return shown([`${at.slice(11, 19)} ${headline(report)}`, ...jobs, ...warnings].join('; '), 2000);
}

function findingLines({ findings }: FleetReport, { red, yellow, dim }: Colors, columns: number): string[] {
  return findings.flatMap(({ level, text, machines, next }) => {
    const ids = machines.length === 0 ? '' : `: ${firstOf(machines, NAMED)}`;
    const mark = level === 'warn' ? red('!') : yellow('·');
    const [first = '', ...others] = wrap(shown(text + ids, LONGEST_SENTENCE), columns - 2);
    const command = next === null ? [] : [dim(`    ${shown(next, LONGEST_SENTENCE)}`)];
    return [`${mark} ${first}`, ...others.map((line) => `  ${line}`), ...command];
  });
}

function queueLines({ queues }: FleetReport): string[] {
  const rows = queues.map(({ name, waiting, running, oldestSeconds, deadLetters }) => [
    shown(name),
    number(waiting),
    number(running),
    waiting + running === 0 ? '-' : duration(oldestSeconds),
    number(deadLetters),
  ]);
  return table(rows, { head: ['queue', 'waiting', 'running', 'oldest', 'dead letters'], right: [1, 2, 3, 4] });
}

function limitLines({ limits }: FleetReport): string[] {
  const rows = limits.map(({ name, used, limit, left }) => [
    shown(name),
    used === null ? '' : number(used),
    limit === null ? '' : number(limit),
    number(left),
  ]);
  return table(rows, { head: ['limit', 'used', 'of', 'left'], right: [1, 2, 3] });
}

/** What all have in common is one line; what differs, a line each. */
function countLines({ counts, machines }: FleetReport, columns: number): string[] {
  if (machines.length === 0) return [];
  const common = COUNTED.filter((field) => Object.keys(counts[field]).length === 1);
  const differing = COUNTED.filter((field) => Object.keys(counts[field]).length > 1);
  const all = common.map((field) => `${field} ${shown(Object.keys(counts[field])[0] ?? '')}`).join(', ');
  const width = Math.max(...[...differing, 'all'].map((field) => field.length)) + 2;
  const line = (head: string, text: string): string[] => {
    const [first = '', ...others] = wrap(printableLine(text), Math.max(20, columns - width));
    return [`${head.padEnd(width)}${first}`, ...others.map((each) => `${' '.repeat(width)}${each.trimStart()}`)];
  };
  return [
    ...differing.flatMap((field) =>
      line(
        field,
        Object.entries(counts[field])
          .map(([value, count]) => `${shown(value)}: ${count}`)
          .join(', '),
      ),
    ),
    ...(all === '' ? [] : line('all', all)),
  ];
}

interface Column {
  readonly head: string;
  readonly cell: (row: MachineRow) => string;
  /** Left out of a narrow terminal, the highest first. @default - never */
  readonly spare?: number;
}

const COLUMNS: readonly Column[] = [
  { head: 'instance', cell: ({ id }) => id },
  { head: 'zone', cell: ({ zone }) => zone },
  { head: 'type', cell: ({ type }) => type, spare: 4 },
  {
    head: 'state',
    cell: ({ state, protectedFromScaleIn }) => `${state}${protectedFromScaleIn ? ' (protected)' : ''}`,
    spare: 1,
  },
  { head: 'worker', cell: ({ worker }) => worker },
  { head: 'health', cell: ({ health }) => health, spare: 2 },
  { head: 'age', cell: ({ ageSeconds }) => duration(ageSeconds), spare: 3 },
  { head: 'heartbeat', cell: ({ heartbeatSeconds }) => (heartbeatSeconds === null ? '-' : duration(heartbeatSeconds)) },
  { head: 'template', cell: ({ template }) => template, spare: 6 },
  { head: 'program', cell: ({ program }) => program ?? '-', spare: 5 },
  {
    head: 'job',
    cell: ({ job, jobSeconds }) =>
      job === null ? '-' : jobSeconds === null ? job : `${job} (${duration(jobSeconds)})`,
  },
];

/** What does not fit is left out: counts above tell of it, and a broken line of a table tells nobody anything. */
function machineLines(machines: readonly MachineRow[], most: number, width: number): string[] {
  if (machines.length === 0) return ['No instance is chosen.'];
  if (machines.length > most)
    return [`${counted(machines.length, 'instance')}: --where chooses some of them, --json and --html FILE list all.`];
  const lines = (columns: readonly Column[]): string[] =>
    table(
      machines.map((each) => columns.map(({ cell }) => shown(cell(each)))),
      {
        head: columns.map(({ head }) => head),
        right: columns.flatMap(({ head }, index) => (head === 'age' || head === 'heartbeat' ? [index] : [])),
      },
    );
  let columns = COLUMNS;
  for (;;) {
    const made = lines(columns);
    const least = Math.max(0, ...columns.map(({ spare = 0 }) => spare));
    if (least === 0 || made.every((line) => line.length <= width)) return made;
    columns = columns.filter(({ spare }) => spare !== least);
  }
}

/** What machines and AWS write is mostly short; what is not was made to break something. */
const LONGEST = 80;
const LONGEST_SENTENCE = 400;

function shown(text: string, longest = LONGEST): string {
  return printableLine(text.length > longest ? `${text.slice(0, longest).toWellFormed()}…` : text);
}

function number(value: number): string {
  return value.toLocaleString('en');
}

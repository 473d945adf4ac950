import type { OperateResult } from '../../actions/fleet/operate.ts';
import { planText } from '../../fleet/look/plan-text.ts';
import type { FleetProgress } from '../../fleet/ports.ts';
import { duration } from '../../text/duration.ts';
import { counted } from '../../text/plural.ts';
import { printableLine } from '../../text/printable.ts';
import { table } from '../../text/table.ts';
import type { View } from '../view.ts';

/** Instances that failed are named up to so many. */
const NAMED = 20;

/** What became of an operation, or what one would do. */
export function renderOperation({ plan, report }: OperateResult, { colors }: View): string {
  if (report === undefined) return plan === undefined ? '' : `${planText(plan, Date.now())}\n`;
  const { machines, done, failed, gone, calls, seconds, operation } = report;
  const parts = [
    `${done} done`,
    ...(failed > 0 ? [colors.red(`${failed} failed`)] : []),
    ...(gone > 0 ? [`${gone} gone meanwhile`] : []),
  ];
  const made = Object.entries(calls.made).map(([api, count]) => `${api} ${count}`);
  const sick = machines.filter(({ end }) => end === 'failed');
  return [
    `operation ${operation}: ${counted(machines.length, 'instance')}, ${parts.join(', ')}, in ${duration(seconds)}`,
    `calls: ${made.join(', ')}; ${calls.throttled} throttled`,
    ...table(
      sick.slice(0, NAMED).map(({ id, zone, rung, why = '' }) => [id, zone, rung, printableLine(why)]),
      { indent: 2 },
    ),
    ...(sick.length > NAMED ? [`  and ${sick.length - NAMED} more`] : []),
    '',
  ].join('\n');
}

/** How far an operation is, in one line. */
export function progressLine(progress: FleetProgress, secondsLeft: number | null): string {
  const { stage, stages, waiting, draining, down, done, failed, gone, serving, desired, pause } = progress;
  const counts = { done, 'under way': down, draining, 'not begun': waiting, failed, gone };
  const parts = Object.entries(counts).flatMap(([word, count]) => (count === 0 ? [] : [`${count} ${word}`]));
  const left =
    secondsLeft === null ? '' : secondsLeft > 0 ? `, about ${duration(secondsLeft)} left` : ', longer than predicted';
  const why = pause === undefined ? '' : `; paused: ${pause}`;
  const idle = down + draining === 0 && done > 0 && waiting > 0 ? ', which wait for --bake, --floor or --budget' : '';
  return printableLine(
    `stage ${stage + 1} of ${stages}${left}: ${parts.join(', ')}${idle}; ${serving} of ${desired} in service${why}`,
  );
}

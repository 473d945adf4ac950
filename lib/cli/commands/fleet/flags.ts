import { RUNGS } from '../../../fleet/rungs.ts';
import {
  type Flags,
  type FlagValues,
  lockTimeout,
  optional,
  optionalOneOf,
  optionalText,
  several,
  toggle,
  wholeNumber,
} from '../../flags.ts';
import { parseBudget, parseIds, parseMoment, parseSpan } from './parse.ts';

export const whereFlag = optionalText("Only the instances that it chooses: 'zone=a and age>30d'", 'SELECTOR');

/** Of verbs that work on chosen instances. */
export const operationFlags = {
  where: whereFlag,
  count: optional(wholeNumber(1, 100_000), 'Of those, so many, the oldest first', 'N'),
  percent: optional(wholeNumber(1, 100), 'Of those, this share, the oldest first', 'PERCENT'),
  ids: several(parseIds, 'Only these instances; may be given several times', 'ID[,ID]'),
  rung: optionalOneOf(RUNGS, 'How: default is the cheapest that cures what is seen of each instance'),
  floor: optional(
    wholeNumber(0, 100),
    "Percent of the desired capacity that stays in service; default: the group's own",
    'PERCENT',
  ),
  budget: optional(parseBudget, 'At most so much out of service in any such time: "30% in 10m"', 'BUDGET'),
  noCanary: toggle('All at once, instead of one, then 5 %, then the others'),
  bake: optional(parseSpan, 'How long a canary works before the others follow; default: 60s', 'TIME'),
  drain: optional(
    parseSpan,
    'How long a job may take to end before it goes back to the queue: 90s, 15m, 2h; default: the longest time-out of its queues',
    'TIME',
  ),
  failures: optional(wholeNumber(0, 100_000), 'Instances that may fail before it pauses; default: 2 % of them', 'N'),
  dryRun: toggle('Only show waves, calls and the predicted finish'),
  at: optional((given) => parseMoment(given), 'Ask now, begin then: 02:30, or a whole date', 'TIME'),
  resume: toggle('Go on with an interrupted or paused one'),
  lockTimeout,
} as const satisfies Flags;

export type OperationFlags = FlagValues<typeof operationFlags>;

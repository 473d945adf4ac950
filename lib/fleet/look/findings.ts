import { z } from 'zod';
import type { Described } from '../../text/described.ts';
import { duration } from '../../text/duration.ts';
import { counted, plural } from '../../text/plural.ts';
import type { QueueView } from '../cloud.ts';
import type { Suspension } from '../suspensions.ts';
import { type FleetView, inService, isLost, type Machine } from '../view.ts';
import type { Limit } from './limits.ts';

/** Something that whoever looks after the fleet should know. */
export const findingSchema = z.strictObject({
  /** Stable, kebab-case: `lost`. */
  code: z.string(),
  level: z.enum(['warn', 'info']),
  text: z.string(),
  /** Instances that it is about; empty for one that is about the fleet. */
  machines: z.array(z.string()),
  /** A command that mends it. */
  next: z.string().nullable(),
});

export type Finding = Described<typeof findingSchema>;

export interface FindingInput {
  readonly environment: string;
  readonly view: FleetView;
  readonly queues: readonly QueueView[];
  readonly limits: readonly Limit[];
  /** Of unfinished operations; undefined where the journal could not be asked. @default - none */
  readonly suspensions?: readonly Suspension[] | undefined;
}

/** How long a launch may take until its first heartbeat: the default of the launching hook. */
const STARTUP_MS = 600_000;
/** Share of a limit below which what is left is worth a word. */
const LITTLE = 0.1;
/** A deploy suspends it for good. */
const REBALANCING = 'AZRebalance';

/** What is wrong, or could be, worst first. Pure. */
export function findingsOf(input: FindingInput): Finding[] {
  return [...ofMachines(input), ...ofFleet(input), ...ofQueues(input), ...ofLimits(input)].sort((a, b) =>
    a.level === b.level ? 0 : a.level === 'warn' ? -1 : 1,
  );
}

function finding(
  code: string,
  level: Finding['level'],
  text: string,
  next: string | null = null,
  machines: readonly Machine[] = [],
): Finding {
  return { code, level, text, next, machines: machines.map(({ id }) => id) };
}

function ofMachines({ environment, view, suspensions = [] }: FindingInput): Finding[] {
  const { at, machines } = view;
  const active = machines.filter(({ lifecycleState }) => lifecycleState === 'InService');
  // Nothing else begins before an operation ends that is under way or was left.
  const [open] = suspensions;
  const replace = (where: string): string | null =>
    open === undefined
      ? `tandem fleet replace ${environment} --where '${where}'`
      : open.isLeft
        ? open.operation.resume
        : null;
  const about = (
    code: string,
    found: readonly Machine[],
    text: (count: string, found: readonly Machine[]) => string,
    next: string | null,
  ): Finding[] =>
    found.length === 0 ? [] : [finding(code, 'warn', text(counted(found.length, 'instance'), found), next, found)];
  return [
    ...about(
      'lost',
      active.filter((each) => isLost(each, at)),
      (count, found) => `${count} stopped sending heartbeats, the longest ${longest(found, at)} ago`,
      replace('state=lost'),
    ),
    ...about(
      'broken',
      active.filter((each) => each.heartbeat?.state === 'broken' && !isLost(each, at)),
      (count, found) => `${count} stopped taking jobs, because job after job failed there${reasonOf(found)}`,
      replace('state=broken'),
    ),
    ...about(
      'silent',
      active.filter((each) => each.heartbeat === undefined),
      (count, found) => `${count} ${plural(found.length, 'is', 'are')} in service and never sent a heartbeat`,
      replace('state=inservice and state=none'),
    ),
    ...about(
      'unhealthy',
      machines.filter(({ health }) => health !== 'healthy'),
      (count, found) =>
        `${count} ${plural(found.length, 'fails', 'fail')} status checks or ${plural(found.length, 'is', 'are')} marked unhealthy`,
      replace('not health=healthy'),
    ),
    ...about(
      'starting-long',
      machines.filter((each) => each.lifecycleState.startsWith('Pending') && at - each.launchedAt > STARTUP_MS),
      (count, found) =>
        `${count} ${plural(found.length, 'has', 'have')} been starting for more than ${duration(STARTUP_MS / 1000)}`,
      null,
    ),
    ...about(
      'taken',
      machines.filter(({ takenAt }) => takenAt !== undefined),
      (count, found) => `${count} ${plural(found.length, 'has', 'have')} a Spot interruption notice`,
      null,
    ),
  ];
}

/** What the first that says why says. */
function reasonOf(machines: readonly Machine[]): string {
  const reason = machines.find(({ heartbeat }) => heartbeat?.reason !== undefined)?.heartbeat?.reason;
  return reason === undefined ? '' : ` (${reason})`;
}

function longest(machines: readonly Machine[], at: number): string {
  return duration(Math.max(...machines.map(({ heartbeat }) => at - (heartbeat?.at ?? at))) / 1000);
}

function ofFleet({ environment, view, suspensions }: FindingInput): Finding[] {
  const { group, machines, at, current } = view;
  const members = machines.filter(({ warm, lifecycleState }) => !warm && !/^(Terminat|Detach)/.test(lifecycleState));
  const missing = group.desired - members.length;
  const behind = members.filter((each) => isBehind(each, current));
  return [
    ...(missing > 0
      ? [
          finding(
            'missing',
            'warn',
            `${counted(missing, 'instance')} of ${group.desired} ${plural(missing, 'is', 'are')} missing and not starting yet`,
          ),
        ]
      : []),
    ...suspendedIn(view, suspensions).map(({ level, text, next }) => finding('suspended', level, text, next)),
    ...(group.suspended.includes(REBALANCING)
      ? []
      : [
          finding(
            'rebalancing',
            'warn',
            `${REBALANCING} is not suspended: Auto Scaling may terminate instances that work, to even out zones`,
            `tandem deploy ${environment}`,
          ),
        ]),
    ...(group.refresh === undefined
      ? []
      : [finding('refresh', 'info', `an instance refresh of Auto Scaling is under way: ${group.refresh}`)]),
    ...(behind.length > 0
      ? [
          finding(
            'behind',
            'info',
            `${counted(behind.length, 'instance')} of ${members.length} ${plural(behind.length, 'has', 'have')} not what is launched now`,
            `tandem fleet rollout ${environment}`,
            behind,
          ),
        ]
      : []),
    ...(members.length > 0 && !members.some((each) => inService(each, at))
      ? [finding('none-in-service', 'warn', 'no instance takes jobs')]
      : []),
  ];
}

type Told = Pick<Finding, 'level' | 'text' | 'next'>;

/** Who suspended which processes, and who gives them back. */
function suspendedIn({ group }: FleetView, suspensions: readonly Suspension[] | undefined): readonly Told[] {
  const words = (processes: readonly string[]): string =>
    `${processes.join(', ')} ${plural(processes.length, 'is', 'are')} suspended`;
  const known = (suspensions ?? []).flatMap(({ operation, processes, until, isLeft }): Told[] => {
    const still = processes.filter((each) => group.suspended.includes(each));
    if (still.length === 0) return [];
    const who = `\`${operation.verb}\` of ${operation.by}`;
    const clock =
      until === undefined
        ? ''
        : `; by ${new Date(until).toISOString().slice(11, 16)} UTC it gives them back or says so anew`;
    return isLeft
      ? [
          {
            level: 'warn',
            text: `${words(still)} by ${who}, which was interrupted: \`tandem fleet watch\` and \`tandem doctor --repair\` give back what it left, and so does going on with it`,
            next: operation.resume,
          },
        ]
      : [{ level: 'info', text: `${words(still)} by ${who}, which is under way${clock}`, next: null }];
  });
  const others = group.suspended.filter(
    (each) => each !== REBALANCING && !suspensions?.some(({ processes }) => processes.some((own) => own === each)),
  );
  if (others.length === 0) return known;
  const next = `aws autoscaling resume-processes --auto-scaling-group-name ${group.name} --scaling-processes ${others.join(' ')}`;
  const who =
    suspensions === undefined
      ? 'by whom is unknown, because the journal cannot be read'
      : 'by no operation of Tandem that is unfinished';
  return [...known, { level: 'warn', text: `${words(others)}, ${who}`, next }];
}

/** Whether it has another template, image or program than one that is launched now; what nobody knows is no difference. */
function isBehind({ templateVersion, imageId, program }: Machine, current: FleetView['current']): boolean {
  const differs = (own: string | undefined, wanted: string | undefined): boolean =>
    own !== undefined && own !== '' && wanted !== undefined && wanted !== '' && own !== wanted;
  return (
    differs(templateVersion, current.template) || differs(imageId, current.image) || differs(program, current.program)
  );
}

function ofQueues({ view, queues }: FindingInput): Finding[] {
  return queues.flatMap(({ name, waiting, deadLetters, oldestSeconds }): Finding[] => [
    ...(deadLetters > 0
      ? [
          finding(
            'dead-letters',
            'warn',
            `${counted(deadLetters, 'job')} of ${name} failed too often and ${plural(deadLetters, 'is', 'are')} in the dead-letter queue`,
          ),
        ]
      : []),
    ...(view.group.desired >= view.group.maximum && waiting > 0
      ? [
          finding(
            'at-maximum',
            'info',
            `${waiting.toLocaleString('en')} ${plural(waiting, 'job')} of ${name} ${plural(waiting, 'waits', 'wait')}, the oldest for ${duration(oldestSeconds)}, and the group is at its maximum`,
          ),
        ]
      : []),
  ]);
}

function ofLimits({ limits }: FindingInput): Finding[] {
  return limits.flatMap(({ name, left, limit }): Finding[] =>
    // The group's own maximum is a choice.
    limit === null || name === 'instances of the group' || left >= limit * LITTLE
      ? []
      : [finding('limit', 'warn', `${left.toLocaleString('en')} of ${limit.toLocaleString('en')} ${name} are left`)],
  );
}

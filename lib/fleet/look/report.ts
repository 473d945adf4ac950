import { z } from 'zod';
import type { Described } from '../../text/described.ts';
import { counted } from '../../text/plural.ts';
import { type Choice, choose } from '../choose.ts';
import { queueViewSchema } from '../cloud.ts';
import type { Suspension } from '../suspensions.ts';
import { type FleetView, inService, isLost, type Machine, WORKER_STATES } from '../view.ts';
import { findingSchema, findingsOf } from './findings.ts';
import { limitSchema, limitsOf } from './limits.ts';
import type { Measured } from './measure.ts';

const count = z.int().min(0);

/** One instance, as it is told. Times in seconds before `at`. */
export const machineRowSchema = z.strictObject({
  id: z.string(),
  zone: z.string(),
  type: z.string(),
  purchase: z.enum(['spot', 'on-demand']),
  /** Of its life in the group: `InService`. */
  state: z.string(),
  /** What its agent says; `lost` where it stopped saying so, `none` where it never did. */
  worker: z.enum([...WORKER_STATES, 'lost', 'none']),
  health: z.enum(['healthy', 'impaired-instance', 'impaired-system', 'unhealthy']),
  ageSeconds: count,
  image: z.string(),
  template: z.string(),
  program: z.string().nullable(),
  /** Version of its agent. */
  agent: z.string().nullable(),
  job: z.string().nullable(),
  jobSeconds: count.nullable(),
  heartbeatSeconds: count.nullable(),
  protectedFromScaleIn: z.boolean(),
  warm: z.boolean(),
});

export type MachineRow = Described<typeof machineRowSchema>;

/** Fields by which instances are counted, in the order in which they are shown. */
export const COUNTED = [
  'zone',
  'type',
  'purchase',
  'age',
  'state',
  'worker',
  'health',
  'image',
  'template',
  'program',
  'agent',
] as const;
export type CountedField = (typeof COUNTED)[number];

export const reportSchema = z.strictObject({
  environment: z.string(),
  account: z.string(),
  region: z.string(),
  /** When AWS was asked. */
  at: z.iso.datetime(),
  group: z.strictObject({
    name: z.string(),
    minimum: count,
    desired: count,
    maximum: count,
    /** That take or do jobs. */
    inService: count,
    warm: count,
    suspended: z.array(z.string()),
  }),
  /** What an instance gets that is launched now. */
  current: z.strictObject({ template: z.string(), image: z.string(), program: z.string().nullable() }),
  /** Instances of the fleet, those of the warm pool included. */
  total: count,
  /** The chosen ones, oldest first. */
  machines: z.array(machineRowSchema),
  /** How many of the chosen ones have which value, most first. */
  counts: z.record(z.enum(COUNTED), z.record(z.string(), count)),
  queues: z.array(queueViewSchema),
  limits: z.array(limitSchema),
  /** Of the whole fleet, worst first. */
  findings: z.array(findingSchema),
});

export type FleetReport = Described<typeof reportSchema>;

export interface ReportInput {
  readonly environment: string;
  readonly account: string;
  readonly region: string;
  readonly view: FleetView;
  readonly measured: Measured;
  /** Free addresses by zone. */
  readonly addresses: Readonly<Record<string, number>>;
  readonly choice: Choice;
  /** @default - the journal was not asked */
  readonly suspensions?: readonly Suspension[] | undefined;
}

/** What is told of a fleet. Pure. @throws TandemError `no-such-machine` */
export function fleetReport({
  environment,
  account,
  region,
  view,
  measured,
  addresses,
  choice,
  suspensions,
}: ReportInput): FleetReport {
  const { at, group, machines: all, current } = view;
  // Without a choice, all that there is: the warm pool, and those that go, too.
  const isAll = Object.values(choice).every((each) => each === undefined);
  const chosen = isAll ? all.toSorted(byAge) : choose(view, choice);
  const rows = chosen.map((machine) => rowOf(machine, at));
  const limits = limitsOf(view, measured, addresses);
  return {
    ...{ environment, account, region, at: new Date(at).toISOString() },
    group: {
      name: group.name,
      minimum: group.minimum,
      desired: group.desired,
      maximum: group.maximum,
      inService: all.filter((machine) => inService(machine, at)).length,
      warm: all.filter(({ warm }) => warm).length,
      suspended: group.suspended,
    },
    current: { ...current, program: current.program ?? null },
    total: all.length,
    machines: rows,
    counts: Object.fromEntries(COUNTED.map((field) => [field, countBy(rows, field)])) as Record<
      CountedField,
      Record<string, number>
    >,
    queues: measured.queues,
    limits,
    findings: findingsOf({ environment, view, queues: measured.queues, limits, suspensions }),
  };
}

function byAge(a: Machine, b: Machine): number {
  return a.launchedAt - b.launchedAt || (a.id < b.id ? -1 : 1);
}

function rowOf(machine: Machine, at: number): MachineRow {
  const { heartbeat } = machine;
  const since = (time: number | undefined): number | null =>
    time === undefined ? null : Math.max(0, Math.round((at - time) / 1000));
  return {
    id: machine.id,
    zone: machine.zone,
    type: machine.type,
    purchase: machine.purchase,
    state: machine.lifecycleState,
    worker: isLost(machine, at) ? 'lost' : (heartbeat?.state ?? 'none'),
    health: machine.health,
    ageSeconds: since(machine.launchedAt) ?? 0,
    image: machine.imageId,
    template: machine.templateVersion,
    program: machine.program ?? null,
    agent: heartbeat?.version ?? null,
    job: heartbeat?.job ?? null,
    jobSeconds: since(heartbeat?.jobSince),
    heartbeatSeconds: since(heartbeat?.at),
    protectedFromScaleIn: machine.protectedFromScaleIn,
    warm: machine.warm,
  };
}

const AGES: readonly (readonly [number, string])[] = [
  [3600, 'under 1 h'],
  [86_400, 'under 1 d'],
  [7 * 86_400, 'under 7 d'],
  [30 * 86_400, 'under 30 d'],
  [Number.POSITIVE_INFINITY, '30 d and more'],
];

function countBy(rows: readonly MachineRow[], field: CountedField): Record<string, number> {
  const counts = new Map<string, number>();
  for (const row of rows) {
    const value = valueOf(row, field);
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  const order = field === 'age' ? AGES.map(([, name]) => name) : undefined;
  return Object.fromEntries(
    [...counts].sort(([a, m], [b, n]) =>
      order === undefined ? n - m || (a < b ? -1 : 1) : order.indexOf(a) - order.indexOf(b),
    ),
  );
}

function valueOf(row: MachineRow, field: CountedField): string {
  if (field !== 'age') return row[field] ?? 'none';
  return AGES.find(([below]) => row.ageSeconds < below)?.[1] ?? '';
}

/** `485 of 500 instances in service; minimum 50, maximum 500; 20 warm` */
export function headline({ group }: FleetReport): string {
  const warm = group.warm === 0 ? '' : `; ${group.warm} warm`;
  return `${group.inService} of ${counted(group.desired, 'instance')} in service; minimum ${group.minimum}, maximum ${group.maximum}${warm}`;
}

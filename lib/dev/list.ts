import pLimit from 'p-limit';
import { monthlyCost } from '../config/cost.ts';
import type { Project } from '../config/project.ts';
import type { StackPlan } from '../plan/model.ts';
import type { StackId } from '../stack/id.ts';
import type { StackRecord } from '../state/record.ts';
import { duration } from '../text/duration.ts';
import { type AppliedLease, appliedElsewhere, appliedLease } from './applied.ts';
import { dayOf, endOf } from './duration.ts';
import { type AskedExtension, askedExtension } from './extension.ts';
import type { DevPorts } from './ports.ts';
import { type Spent, spentBy } from './spent.ts';
import { type DevEnvironment, demandIn, environmentOf } from './workspace.ts';

/** One line of `env list`. */
export interface EnvironmentRow {
  readonly name: string;
  readonly cloud: string;
  /** Null where this checkout does not have the lease. */
  readonly blueprint: string | null;
  readonly owner: string;
  readonly ageDays: number | null;
  readonly until: string;
  /** `in 3 d 4 h`, `2 d ago`. */
  readonly ends: string;
  readonly expired: boolean;
  readonly protected: boolean;
  /** A month, in the organisation's currency; null where the price list does not say. */
  readonly monthlyCost: number | null;
  /** `pending`: leased, not applied yet; `unfinished`: an operation was interrupted. */
  readonly state: 'active' | 'frozen' | 'pending' | 'unfinished' | 'expired';
  /** Whether somebody else changed it, and this checkout does not know: end and state are those that were applied. */
  readonly behind: boolean;
  /** Resources that differ from what was applied; null where drift was not checked. */
  readonly drift: number | null;
  /** A later end that was asked for, and waits for an answer. */
  readonly asked: AskedExtension | null;
  /** What it has cost this month, as the cloud tells; null where that was not asked, or is not known. */
  readonly spent: Spent | null;
}

export interface RowFacts {
  readonly record: StackRecord | undefined;
  readonly unfinished: boolean;
  /** The lease as it was applied, where this checkout is behind. */
  readonly elsewhere: AppliedLease | undefined;
  readonly drift: StackPlan | undefined;
  readonly asked?: AskedExtension | undefined;
  readonly spent?: Spent | undefined;
}

/** Pure. */
export function toRow(environment: DevEnvironment, project: Project, facts: RowFacts, now: Date): EnvironmentRow {
  const { name, lease, blueprint, cloud } = environment;
  const value = { ...lease.value, ...facts.elsewhere };
  const end = endIn(value.until, now);
  return {
    name,
    cloud: cloud.name,
    blueprint: blueprint.name,
    owner: value.owner,
    ageDays: Math.max(0, Math.floor((Date.parse(dayOf(now)) - Date.parse(value.since)) / 86_400_000)),
    ...end,
    protected: value.protected,
    monthlyCost: monthlyCost(demandIn(environment, value), project.prices.get(cloud.name)?.value) ?? null,
    state: stateOf(value.state, facts, end.expired),
    behind: facts.elsewhere !== undefined,
    drift: facts.drift === undefined ? null : facts.drift.drift.length + facts.drift.changes.length,
    asked: facts.asked ?? null,
    spent: facts.spent ?? null,
  };
}

function endIn(until: string, now: Date): Pick<EnvironmentRow, 'until' | 'ends' | 'expired'> {
  const left = (endOf(until).getTime() - now.getTime()) / 1000;
  return { until, ends: left > 0 ? `in ${duration(left)}` : `${duration(-left)} ago`, expired: left <= 0 };
}

function stateOf(
  state: 'active' | 'frozen',
  facts: Pick<RowFacts, 'record' | 'unfinished'>,
  expired: boolean,
): EnvironmentRow['state'] {
  if (facts.unfinished) return 'unfinished';
  if (facts.record === undefined) return 'pending';
  if (state === 'frozen') return 'frozen';
  return expired ? 'expired' : 'active';
}

export interface ListOptions {
  readonly cloud: string | undefined;
  /** Asks the clouds for drift: a Terraform refresh for each, so not by default. */
  readonly drift: boolean;
  /** Asks the clouds for what was used: a request for each server. @default false */
  readonly usage?: boolean;
}

/** How many drift checks run at once: each is a Terraform process. */
const WIDTH = 2;

/** Every lease of this checkout, and those that others applied and this one lacks, sorted by name. */
export async function listEnvironments(
  ports: DevPorts,
  project: Project,
  options: ListOptions,
): Promise<EnvironmentRow[]> {
  const now = ports.clock.now();
  const [open, records] = await Promise.all([ports.journal.open(), ports.records.list()]);
  const unfinished = new Set(open.flatMap((operation) => operation.stacks));
  const isAsked = (cloud: string): boolean => options.cloud === undefined || cloud === options.cloud;
  const environments = [...project.leases.keys()]
    .flatMap((name) => environmentOf(project, name) ?? [])
    .filter(({ cloud }) => isAsked(cloud.name));
  const known = await pLimit(WIDTH).map(environments, async (environment) => {
    const record = records.find(({ stack }) => stack === environment.stack);
    const drift =
      options.drift && record !== undefined ? await ports.deployer.drift(project, environment.stack) : undefined;
    const elsewhere = await appliedElsewhere(ports.git, record, environment.lease.value);
    const asked = await askedExtension(ports, environment);
    const facts = { record, elsewhere, unfinished: unfinished.has(environment.stack), drift, asked };
    const row = toRow(environment, project, facts, now);
    if (options.usage !== true || record === undefined) return row;
    return { ...row, spent: (await spentBy(ports, project, environment, row.monthlyCost)) ?? null };
  });
  const others = records.flatMap((record) => {
    const lease = leaseOf(record.stack);
    if (lease === undefined || project.leases.has(lease.name) || !isAsked(lease.cloud)) return [];
    return toForeignRow(lease, record, unfinished.has(record.stack), now) ?? [];
  });
  return [...known, ...others].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Name and cloud of a lease's stack; undefined for stacks of other kinds. Pure. */
function leaseOf(stack: StackId): { readonly name: string; readonly cloud: string } | undefined {
  const [, cloud, name] = /^openstack\/([^/]+)\/dev\/([^/]+)$/.exec(stack) ?? [];
  return cloud === undefined || name === undefined ? undefined : { name, cloud };
}

/** What a record alone tells. Pure. */
function toForeignRow(
  lease: { readonly name: string; readonly cloud: string },
  record: StackRecord,
  unfinished: boolean,
  now: Date,
): EnvironmentRow | undefined {
  const applied = appliedLease(record);
  if (applied === undefined || applied.until === '') return undefined;
  const end = endIn(applied.until, now);
  return {
    ...{ ...lease, ...end, blueprint: null, owner: applied.owner, ageDays: null, protected: false, monthlyCost: null },
    state: stateOf(applied.state, { record, unfinished }, end.expired),
    ...{ behind: true, drift: null, asked: null, spent: null },
  };
}

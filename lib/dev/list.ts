import pLimit from 'p-limit';
import { monthlyCost } from '../config/cost.ts';
import { demandOf } from '../config/demand.ts';
import type { Project } from '../config/project.ts';
import type { StackPlan } from '../plan/model.ts';
import type { StackRecord } from '../state/record.ts';
import { duration } from '../text/duration.ts';
import { dayOf, endOf } from './duration.ts';
import type { DevPorts } from './ports.ts';
import { type DevEnvironment, environmentOf } from './workspace.ts';

/** One line of `env list`. */
export interface EnvironmentRow {
  readonly name: string;
  readonly cloud: string;
  readonly blueprint: string;
  readonly owner: string;
  readonly ageDays: number;
  readonly until: string;
  /** `in 3 d 4 h`, `2 d ago`. */
  readonly ends: string;
  readonly expired: boolean;
  readonly protected: boolean;
  /** A month, in the organisation's currency; null where the price list does not say. */
  readonly monthlyCost: number | null;
  /** `pending`: leased, not applied yet; `unfinished`: an operation was interrupted. */
  readonly state: 'active' | 'frozen' | 'pending' | 'unfinished' | 'expired';
  /** Resources that differ from what was applied; null where drift was not checked. */
  readonly drift: number | null;
}

export interface RowFacts {
  readonly record: StackRecord | undefined;
  readonly unfinished: boolean;
  readonly drift: StackPlan | undefined;
}

/** Pure. */
export function toRow(environment: DevEnvironment, project: Project, facts: RowFacts, now: Date): EnvironmentRow {
  const { name, lease, blueprint, cloud } = environment;
  const { value } = lease;
  const left = (endOf(value.until).getTime() - now.getTime()) / 1000;
  const demand = demandOf({ name, lease: value, blueprint: blueprint.value, cloud: cloud.value });
  return {
    name,
    cloud: cloud.name,
    blueprint: blueprint.name,
    owner: value.owner,
    ageDays: Math.max(0, Math.floor((Date.parse(dayOf(now)) - Date.parse(value.since)) / 86_400_000)),
    until: value.until,
    ends: left > 0 ? `in ${duration(left)}` : `${duration(-left)} ago`,
    expired: left <= 0,
    protected: value.protected,
    monthlyCost: monthlyCost(demand, project.prices.get(cloud.name)?.value) ?? null,
    state: stateOf(value.state, facts, left <= 0),
    drift: facts.drift === undefined ? null : facts.drift.drift.length + facts.drift.changes.length,
  };
}

function stateOf(state: 'active' | 'frozen', facts: RowFacts, expired: boolean): EnvironmentRow['state'] {
  if (facts.unfinished) return 'unfinished';
  if (facts.record === undefined) return 'pending';
  if (state === 'frozen') return 'frozen';
  return expired ? 'expired' : 'active';
}

export interface ListOptions {
  readonly cloud: string | undefined;
  /** Asks the clouds for drift: a Terraform refresh for each, so not by default. */
  readonly drift: boolean;
}

/** How many drift checks run at once: each is a Terraform process. */
const WIDTH = 2;

/** Every lease of this checkout, sorted by name. */
export async function listEnvironments(
  ports: DevPorts,
  project: Project,
  options: ListOptions,
): Promise<EnvironmentRow[]> {
  const now = ports.clock.now();
  const unfinished = new Set((await ports.journal.open()).flatMap((operation) => operation.stacks));
  const environments = [...project.leases.keys()]
    .sort()
    .flatMap((name) => environmentOf(project, name) ?? [])
    .filter(({ cloud }) => options.cloud === undefined || cloud.name === options.cloud);
  return pLimit(WIDTH).map(environments, async (environment) => {
    const record = await ports.records.read(environment.stack);
    const drift =
      options.drift && record !== undefined ? await ports.deployer.drift(project, environment.stack) : undefined;
    return toRow(environment, project, { record, unfinished: unfinished.has(environment.stack), drift }, now);
  });
}

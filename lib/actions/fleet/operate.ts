import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { jobTimeoutOf } from '../../aws-api/worker-parameter.ts';
import { type Choice, choose } from '../../fleet/choose.ts';
import { runFleet } from '../../fleet/executor.ts';
import { planText } from '../../fleet/look/plan-text.ts';
import { type FleetPlan, planFleet } from '../../fleet/plan.ts';
import type { FleetOutcome, FleetPorts } from '../../fleet/ports.ts';
import type { FleetRequest } from '../../fleet/request.ts';
import { outdated, requireHealthy, requireUnbroken, rolloutsOf } from '../../fleet/rollouts.ts';
import { parseSelector } from '../../fleet/selectors.ts';
import { StackId } from '../../stack/id.ts';
import { counted } from '../../text/plural.ts';
import { type ActionContext, inform } from '../context.ts';
import { usage } from '../errors.ts';
import { withFleet } from './open.ts';
import { giveBackBefore, openPorts } from './ports.ts';

export interface OperateOptions extends Partial<Omit<FleetRequest, 'floorPercent' | 'verb'>>, Omit<Choice, 'where'> {
  readonly environment: string;
  readonly verb: FleetRequest['verb'];
  /** Selector of instances. @default - all */
  readonly where?: string | undefined;
  /** Share of the desired capacity that stays in service, in percent. @default - the group's instance maintenance policy */
  readonly floor?: number | undefined;
  /** Only plans. @default false */
  readonly dryRun?: boolean;
  /** When to begin; the instances are chosen then. @default - at once */
  readonly at?: Date | undefined;
  /** Of a rollout: only to versions that were healthy. @default false */
  readonly back?: boolean;
  /** Goes on with an interrupted or paused operation. @default false */
  readonly resume?: boolean;
  readonly lockTimeoutSeconds?: number;
}

export interface OperateResult {
  readonly environment: string;
  readonly verb: FleetRequest['verb'];
  /** Of what was planned; undefined of one that was gone on with. */
  readonly plan: FleetPlan | undefined;
  /** What became of it; undefined where it was only planned. */
  readonly report: FleetOutcome | undefined;
}

/**
 * Plans an operation on chosen instances of a fleet, shows it, asks, and runs it; or goes on with one.
 * @throws TandemError `usage`, `bad-selector`, `no-such-machine`, `declined`, those of `planFleet`, `runFleet` and `withFleet`
 */
export async function operate(context: ActionContext, options: OperateOptions): Promise<OperateResult> {
  const { environment, verb, resume = false, dryRun = false, at } = options;
  if (resume) refuseChoice(options);
  const choice = choiceOf(options);
  return await withFleet(context, environment, async (fleet) => {
    const ports = await openPorts(context, fleet);
    try {
      const result = { environment, verb };
      if (resume) return { ...result, plan: undefined, report: await goOn(context, ports, options) };
      // A job is not given back before its own time-out would end it.
      const drainSeconds = options.drainSeconds ?? jobTimeoutOf(fleet.place.parts);
      const shown = await plan(context, ports, choice, { ...options, drainSeconds });
      if (dryRun) return { ...result, plan: shown, report: undefined };
      const when = at === undefined ? '' : ` at ${at.toISOString()}, with the instances that are chosen then`;
      await confirmed(context, {
        code: `fleet-${verb}`,
        text: `${VERBS[verb]} ${counted(shown.machines.length, 'instance')} of ${shown.group}${when}?`,
        details: planText(shown, ports.clock.now()),
        hasDryRun: true,
      });
      if (at !== undefined) await waitUntil(context, at);
      const closed = await closeOutdated(context, ports, options);
      if (at === undefined && closed === undefined)
        return { ...result, plan: shown, report: await run(context, ports, options, shown) };
      const later = await plan(context, ports, choice, { ...options, drainSeconds });
      return { ...result, plan: later, report: await run(context, ports, options, later) };
    } finally {
      await ports.close();
    }
  });
}

function choiceOf({ where, ids, count, percent }: OperateOptions): Choice {
  return { ids, count, percent, where: where === undefined ? undefined : parseSelector(where) };
}

/** What is resumed was chosen when it began. */
function refuseChoice({ where, ids, count, percent, rung, dryRun, at }: OperateOptions): void {
  const given = Object.entries({ where, ids, count, percent, rung, at, 'dry-run': dryRun === true ? true : undefined });
  const [first] = given.flatMap(([name, value]) => (value === undefined ? [] : [name]));
  if (first !== undefined)
    throw usage(
      `--resume goes on with what was chosen, and --${first} would choose anew`,
      `omit --${first}, or omit --resume`,
    );
}

async function plan(
  context: ActionContext,
  ports: FleetPorts,
  choice: Choice,
  options: OperateOptions,
): Promise<FleetPlan> {
  const { cloud, ledger, clock } = ports;
  const { verb, rung, floor, budget, canary, bakeSeconds, drainSeconds, backSeconds, failures } = options;
  const begun = clock.now();
  const look = cloud.look().then((view) => ({ view, lookSeconds: (clock.now() - begun) / 1000 }));
  const [{ view, lookSeconds }, headroom, told] = await Promise.all([look, cloud.headroom(), cloud.observed()]);
  const observed = { ...told, lookSeconds };
  if (verb === 'rollout') {
    const rollouts = await rolloutsOf(ports.journal, StackId.cluster(options.environment));
    if (options.back === true) requireHealthy(view, rollouts, options.environment);
    else requireUnbroken(view, rollouts, options.environment);
  }
  if (options.dryRun !== true) await giveBackBefore(context, ports, options.environment, view);
  const known = await ledger.update((now) => ({ ledger: now, value: now }));
  const request: FleetRequest = {
    ...{ verb, rung, budget, canary, bakeSeconds, drainSeconds, backSeconds, failures },
    floorPercent: floor ?? view.group.minimumHealthyPercent,
  };
  return planFleet(choose(view, choice), request, { view, headroom, observed, ledger: known, now: clock.now() });
}

/** A rollout of what new instances do not get any more can reach nothing: it is ended, and nothing more of it begun. */
async function closeOutdated(
  context: ActionContext,
  ports: FleetPorts,
  options: OperateOptions,
): Promise<FleetOutcome | undefined> {
  if (options.verb !== 'rollout') return undefined;
  const [view, rollouts] = await Promise.all([
    ports.cloud.look(),
    rolloutsOf(ports.journal, StackId.cluster(options.environment)),
  ]);
  const old = outdated(view, rollouts);
  if (old === undefined) return undefined;
  const text = `ending the rollout ${old.operation}: what it rolled out is not what new instances get now`;
  inform(context, text, 'fleet-rollout-outdated');
  return await run(context, ports, options, undefined, { closes: true });
}

async function goOn(context: ActionContext, ports: FleetPorts, options: OperateOptions): Promise<FleetOutcome> {
  return (await closeOutdated(context, ports, options)) ?? (await run(context, ports, options, undefined));
}

async function run(
  { io, signal }: ActionContext,
  ports: FleetPorts,
  { environment, verb, lockTimeoutSeconds = 0 }: OperateOptions,
  planned: FleetPlan | undefined,
  { closes = false } = {},
): Promise<FleetOutcome> {
  const begun = ports.clock.now();
  return await runFleet(ports, {
    stack: StackId.cluster(environment),
    ...{ verb: `fleet ${verb}`, plan: planned, closes, signal, lockTimeoutSeconds },
    resume: `tandem fleet ${verb} ${environment} --resume`,
    emit: (event) => io.emit(event),
    onProgress: (progress) =>
      io.emit({
        kind: 'fleet-progress',
        progress,
        secondsLeft: planned === undefined ? null : planned.forecast.seconds - (ports.clock.now() - begun) / 1000,
      }),
  });
}

async function confirmed(
  context: ActionContext,
  question: Parameters<ActionContext['io']['confirm']>[0],
): Promise<void> {
  const { declined } = await import('../../deploy/errors.ts');
  if (!(await context.io.confirm(question))) throw declined();
}

const VERBS: Readonly<Record<FleetRequest['verb'], string>> = {
  restart: 'Restart',
  replace: 'Replace',
  drain: 'Drain',
  rollout: 'Bring to the current versions',
};

/** @throws AbortError where it is interrupted: nothing was begun */
async function waitUntil(context: ActionContext, at: Date): Promise<void> {
  inform(
    context,
    `waiting on ${hostname()} until ${at.toISOString()}; Ctrl-C ends it, and nothing is begun`,
    'fleet-waiting',
  );
  const left = () => at.getTime() - Date.now();
  // A timer holds 24 days at most, and a laptop that slept is late by that.
  while (left() > 0) await sleep(Math.min(left(), 60_000), undefined, { signal: context.signal });
}

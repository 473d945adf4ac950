import { runOperation } from '../deploy/operation.ts';
import type { DeployEvent, RunningOperation } from '../deploy/ports.ts';
import { TandemError } from '../errors/tandem-error.ts';
import type { StackId } from '../stack/id.ts';
import { CloudFault, type LaunchFault } from './cloud.ts';
import { type Action, type Decision, decide } from './decide.ts';
import { type Counter, grantedCalls, grantedWhenever } from './effects.ts';
import { cloudSilent, faultMet, fleetInterrupted, fleetPaused, fleetUnfinished, nothingUnfinished } from './errors.ts';
import { type Liveness, mayServe, observe } from './judge.ts';
import { charge } from './ledger.ts';
import { isAdmitted, type Situation } from './next-step.ts';
import type { FleetPlan } from './plan.ts';
import type { FleetOutcome, FleetPorts, FleetProgress } from './ports.ts';
import { progressOf, reportOf, wordsOf } from './report.ts';
import type { Policy } from './request.ts';
import { isReplaced, roomOf, suspendedBy } from './rungs.ts';
import { POLL_SECONDS } from './simulate.ts';
import { type Steps, stepsOf } from './steps.ts';
import { isFleetOperation } from './suspensions.ts';
import type { FleetView } from './view.ts';

export interface FleetOptions {
  /** `aws/prod/cluster`: its lock keeps deploys of the cluster and other operations away. */
  readonly stack: StackId;
  /** What is to be done. @default - what an interrupted operation on the stack has left is gone on with */
  readonly plan?: FleetPlan | undefined;
  /** `fleet restart` */
  readonly verb: string;
  /** Begins nothing more of an interrupted operation: what is under way is ended, and the operation with it. @default false */
  readonly closes?: boolean;
  /** The command that goes on with it: `tandem fleet restart prod --resume`. */
  readonly resume: string;
  readonly signal: AbortSignal;
  readonly emit: (event: DeployEvent) => void;
  /** Told after each look. @default - nobody is */
  readonly onProgress?: (progress: FleetProgress) => void;
  readonly lockTimeoutSeconds?: number;
  /** What whoever begins it has seen of heartbeats. @default - they are watched from its beginning on */
  readonly alive?: Liveness;
}

/** How long a suspension is promised for, and when the promise is renewed: after a kill it is broken, and seen to be. */
const SUSPENDED_MS = 900_000;
const RENEWED_MS = 300_000;
/** How old quotas, addresses and failed launches may be. */
const ASK_AGAIN_MS = 30_000;
/** So many looks in a row without an answer. */
const MOST_SILENT = 60;

/**
 * Runs a plan, or goes on with the one that was interrupted, until every machine of it is accounted for. Ends paused, with its journal
 * open, where a canary or too many machines fail, and gives back what it suspended however it ends.
 * @throws TandemError `fleet-paused`, `fleet-interrupted`, `fleet-unfinished`, `state-locked`, `lock-lost`
 */
export async function runFleet(ports: FleetPorts, options: FleetOptions): Promise<FleetOutcome> {
  const { stack, plan, verb, resume, signal, emit, lockTimeoutSeconds } = options;
  let steps: Steps | undefined;
  const policy = plan === undefined ? {} : { policy: JSON.stringify(plan.policy), group: plan.group };
  return await runOperation(
    ports,
    [stack],
    {
      ...{ verb, resume, signal, emit, arguments: policy },
      ...(lockTimeoutSeconds === undefined ? {} : { lockTimeoutSeconds }),
      // Each verb goes on with its own: another one's plan is not this one's.
      resumes: (open) => plan === undefined && open.verb === verb,
      refuses: (open) => (isFleetOperation(open) ? fleetUnfinished(stack, open) : undefined),
      tells: () => (steps === undefined ? 'nothing was done' : wordsOf(steps.state)),
    },
    async (operation) => {
      if (operation.resumed === undefined && plan === undefined) throw nothingUnfinished(stack);
      const entries = operation.resumed === undefined ? [] : await ports.journal.entries(operation.id);
      steps = stepsOf(operation, entries);
      const given = plan?.policy ?? (JSON.parse(String(operation.resumed?.arguments['policy'])) as Policy);
      return await new FleetRun(ports, options, operation, steps, given).run();
    },
  );
}

class FleetRun {
  readonly #ports: FleetPorts;
  readonly #options: FleetOptions;
  readonly #operation: RunningOperation;
  readonly #steps: Steps;
  readonly #policy: Policy;
  readonly #counter: Counter = { made: {}, throttled: 0 };
  readonly #startedAt: number;
  #alive: Liveness;
  #room = { at: Number.NEGATIVE_INFINITY, instances: 0 };
  #faults: { at: number; list: readonly LaunchFault[] } = { at: Number.NEGATIVE_INFINITY, list: [] };
  /** When machines were detached, and how many: their successors may not be counted yet. */
  readonly #detached: { readonly at: number; readonly count: number }[] = [];
  #pause: string | undefined;

  constructor(ports: FleetPorts, options: FleetOptions, operation: RunningOperation, steps: Steps, policy: Policy) {
    this.#ports = ports;
    this.#options = options;
    this.#operation = operation;
    this.#steps = steps;
    this.#policy = policy;
    this.#alive = options.alive ?? new Map();
    this.#startedAt = ports.clock.now();
  }

  async run(): Promise<FleetOutcome> {
    const { plan } = this.#options;
    if (this.#steps.state.machines.size === 0 && plan !== undefined) {
      const { machines, known, target } = plan;
      const detail = { machines, known, ...(target === undefined ? {} : { target }), at: this.#ports.clock.now() };
      await this.#steps.take('plan', detail, async () => ({}));
    }
    const { closes = false } = this.#options;
    if (!closes) await this.#again();
    try {
      await this.#loop();
    } catch (error) {
      await this.#giveBack().catch((second: unknown) => {
        // Whoever has the lock now gives back what the journal tells of.
        if (!(second instanceof TandemError && second.code === 'lock-lost')) throw error;
      });
      throw error;
    }
    await this.#giveBack();
    const { state } = this.#steps;
    if (this.#options.signal.aborted) throw fleetInterrupted(this.#options.resume);
    if (this.#pause !== undefined && !closes) throw fleetPaused(this.#pause, this.#options.resume);
    const seconds = (this.#ports.clock.now() - this.#startedAt) / 1000;
    return reportOf(this.#operation.id, state, seconds, this.#counter);
  }

  /** What failed before whoever resumes has seen to is tried again. */
  async #again(): Promise<void> {
    const failed = [...this.#steps.state.machines.values()].flatMap(({ id, end }) => (end === 'failed' ? [id] : []));
    if (failed.length > 0 || this.#steps.state.condemned !== undefined)
      await this.#steps.take('try again', { ids: failed, at: this.#ports.clock.now() }, async () => ({}));
  }

  async #loop(): Promise<void> {
    const { clock } = this.#ports;
    const { signal, onProgress } = this.#options;
    for (;;) {
      const isAborted = signal.aborted;
      const view = await this.#look();
      const situation = await this.#situation(view);
      await this.#suspend(view);
      const decision = decide(situation);
      await this.#note(decision);
      for (const action of decision.actions) await this.#act(action, situation);
      if (decision.condemns && this.#pause === undefined && this.#options.closes !== true)
        await this.#steps.take('condemn', { why: decision.pause, at: clock.now() }, async () => ({}));
      this.#pause ??= decision.pause;
      onProgress?.(progressOf(this.#steps.state, situation, this.#pause));
      // What is under way elsewhere needs nobody who waits for it: a resume finds it.
      if (decision.finished || isAborted) return;
      await clock.sleep(POLL_SECONDS * 1000, signal);
    }
  }

  /** A look that fails is repeated: nothing is decided on an old one. */
  async #look(): Promise<FleetView> {
    const { cloud, clock, ledger } = this.#ports;
    const { machines } = this.#steps.state;
    const out = [...machines.values()].flatMap(({ id, rung, actedAt, doubt }) =>
      (isReplaced(rung) || rung === 'retire') && (actedAt !== undefined || doubt.has('act')) ? [id] : [],
    );
    for (let silent = 0; ; silent += 1) {
      try {
        await ledger.update((before) => ({ ledger: charge(before, 'DescribeFleet', 1, clock.now()), value: 0 }));
        return await cloud.look(out);
      } catch (error) {
        if (!(error instanceof CloudFault)) throw error;
        if (error.facts.kind === 'unauthorised') throw faultMet(error);
        if (silent >= MOST_SILENT) throw cloudSilent(error.message, error);
        await clock.sleep(POLL_SECONDS * 1000);
      }
    }
  }

  async #situation(view: FleetView): Promise<Situation> {
    const { cloud, clock } = this.#ports;
    const { state } = this.#steps;
    const now = clock.now();
    this.#alive = observe(this.#alive, view, now);
    const isReplacing = [...state.machines.values()].some(({ rung, end }) => end === undefined && isReplaced(rung));
    if (isReplacing && now - this.#room.at > ASK_AGAIN_MS) {
      const room = await unless(() => cloud.headroom());
      if (room !== undefined) this.#room = { at: now, instances: roomOf(room) };
    }
    if (isReplacing && now - this.#faults.at > ASK_AGAIN_MS) {
      const list = await unless(() => cloud.launchFaults(state.begunAt));
      if (list !== undefined) this.#faults = { at: now, list };
    }
    const pending = this.#detached.filter(({ at }) => at > this.#room.at - ASK_AGAIN_MS);
    const room = this.#room.instances - pending.reduce((sum, { count }) => sum + count, 0);
    const { signal, closes = false } = this.#options;
    const stopping = closes || signal.aborted || this.#pause !== undefined;
    const sight = { view, alive: this.#alive, now };
    return { ...sight, state, since: this.#startedAt, policy: this.#policy, room, faults: this.#faults.list, stopping };
  }

  async #act({ kind, ids }: Action, situation: Situation): Promise<void> {
    const { machines } = this.#steps.state;
    const tracked = ids.flatMap((id) => machines.get(id) ?? []);
    const granted = await grantedCalls(this.#ports, this.#operation.id, kind, tracked, this.#counter);
    if (granted.ids.length === 0) return;
    const { clock } = this.#ports;
    const chosen = new Set(granted.ids);
    const seen = situation.view.machines.filter(({ id }) => chosen.has(id));
    const isTaken = kind === 'drain' || kind === 'terminate in group';
    const taken = seen.filter((each) => {
      const known = machines.get(each.id);
      // One that is told again went out of service before.
      return known !== undefined && !isAdmitted(known) && mayServe(each, situation);
    });
    const takes = isTaken ? taken.length : 0;
    const beats = Object.fromEntries(
      seen.flatMap(({ id, heartbeat }) => (heartbeat === undefined ? [] : [[id, heartbeat.at]])),
    );
    if (kind === 'detach') this.#detached.push({ at: clock.now(), count: granted.ids.length });
    await this.#steps.take(kind, { ids: granted.ids, beats, takes, at: clock.now() }, granted.run);
  }

  async #note({ done, failed, gone }: Decision): Promise<void> {
    if (done.length + gone.length + Object.keys(failed).length === 0) return;
    await this.#steps.take('note', { done, failed, gone, at: this.#ports.clock.now() }, async () => ({}));
  }

  /** Before the first machine goes down. What is suspended already is somebody else's, and stays so. */
  async #suspend({ group }: FleetView): Promise<void> {
    const { state } = this.#steps;
    const now = this.#ports.clock.now();
    const open = [...state.machines.values()].filter(({ end }) => end === undefined);
    const wanted = suspendedBy(open.map(({ rung }) => rung));
    const isHalted = this.#options.signal.aborted || this.#pause !== undefined;
    const own = (state.suspendedUntil ?? 0) < now + RENEWED_MS ? state.suspended : [];
    const fresh = isHalted ? [] : wanted.filter((each) => !group.suspended.includes(each));
    const processes = [...new Set([...own, ...fresh])];
    if (processes.length === 0) return;
    await this.#steps.take('suspend', { processes, until: now + SUSPENDED_MS }, async () => {
      await grantedWhenever(this.#ports, 'SuspendProcesses', () => this.#ports.cloud.suspend(processes));
      return {};
    });
  }

  async #giveBack(): Promise<void> {
    const processes = this.#steps.state.suspended;
    if (processes.length === 0) return;
    await this.#steps.take('give back processes', { processes }, async () => {
      await grantedWhenever(this.#ports, 'ResumeProcesses', () => this.#ports.cloud.resume(processes));
      return {};
    });
  }
}

/** What only helps to decide may fail: the next look asks again. */
async function unless<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof CloudFault)) throw error;
    if (error.facts.kind === 'unauthorised') throw faultMet(error);
    return undefined;
  }
}

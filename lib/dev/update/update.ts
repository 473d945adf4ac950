import { majorityOf } from '../../config/majority.ts';
import type { Blueprint } from '../../config/schema/blueprint.ts';
import { beyondApproval } from '../../plan/approval.ts';
import type { StackPlan } from '../../plan/model.ts';
import { shellWord } from '../../text/shell-word.ts';
import { ask } from '../ask.ts';
import { refusesOthers } from '../current-environment.ts';
import { frozenLease } from '../errors.ts';
import { waitUntilHealthy } from '../health.ts';
import { setParameters } from '../lease-file.ts';
import { commitLease } from '../lease-step.ts';
import { runVerb } from '../operation.ts';
import type { DevPorts, EnvironmentDeploy } from '../ports.ts';
import { requireProjectId } from '../project.ts';
import { requireFit } from '../require-fit.ts';
import { describeChanges } from '../review.ts';
import type { DevEnvironment } from '../workspace.ts';
import { type Approval, approvalOf, approveUpdate } from './approval.ts';
import { awaitPrograms, whoCanBeAsked } from './await-programs.ts';
import { describeEffects, effectsOf, type ServerEffect, type UpdateEffects } from './effects.ts';
import { cannotPlanUpdate, losesMajority, neverMade, updateNotApproved } from './errors.ts';
import { countsOf, type LookedAt, lookAt } from './look.ts';
import { planRounds, type Round } from './rounds.ts';

export interface UpdateOptions {
  /** Everything in one run, whichever majority that costs. @default false - one server of a tier after another */
  readonly atOnce?: boolean;
  /** Other values of the blueprint's parameters, as they are typed, which are written into the lease. @default - none */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Only shows what would change. @default false */
  readonly dryRun?: boolean;
  /** Its owner approves the update, which is written into the lease; nothing else is changed. @default false */
  readonly approve?: boolean;
  /** What somebody agreed to already: what goes beyond it is asked about. @default - everything is asked about */
  readonly agreed?: StackPlan;
}

/** What an update would do, found out against the live cloud. */
export interface UpdateLook extends LookedAt {
  readonly version: string;
  readonly approval: Approval;
  readonly plan: StackPlan;
  readonly effects: UpdateEffects;
  readonly rounds: readonly Round[];
  /** The command that does this. */
  readonly command: string;
}

export interface UpdateResult {
  readonly environment: DevEnvironment;
  readonly version: string;
  readonly approval: Approval;
  readonly servers: readonly ServerEffect[];
  /** Other changes of the plan. */
  readonly others: number;
  /** Names of servers that went down after one another. */
  readonly rounds: readonly (readonly string[])[];
  /** Changes that were made on the cloud. */
  readonly changes: number;
  readonly pullRequest: string | undefined;
}

/**
 * Brings an environment to what its blueprint and its lease say now: shows what happens to each server, asks, and changes it, one server
 * of a tier after another where servers go down. Each has to be healthy before the next, and what it runs has to serve. Safe to run again after an interruption.
 * @throws TandemError `lease-needs-commit`, `lease-frozen`, `update-not-approved`, `update-loses-majority`, `does-not-fit`, `declined`,
 * `environment-unfinished`, `environment-unhealthy`
 */
export async function updateEnvironment(
  ports: DevPorts,
  name: string,
  options: UpdateOptions = {},
): Promise<UpdateResult> {
  const look = await lookAtUpdate(ports, name, options);
  const { environment, version, plan, effects, rounds } = look;
  const told = {
    ...{ environment, version, approval: look.approval, servers: effects.servers, others: effects.others },
    ...{ rounds: rounds.map(({ servers }) => servers), changes: 0, pullRequest: undefined },
  };
  if (options.dryRun === true) {
    for (const line of describeLook(look)) ports.io.progress(line);
    return told;
  }
  if (options.approve === true) {
    await ask(ports.io, [...describeLook(look), `Approve this update of ${name}, as its owner?`].join('\n'));
    return { ...told, pullRequest: await approveUpdate(ports, look, version) };
  }
  requireMajorities(look, options.atOnce === true);
  if (plan.changes.length > 0 && look.approval === 'missing')
    throw updateNotApproved(name, environment.lease.value.owner, version);
  if (plan.changes.length > 0 && environment.lease.value.state === 'frozen') throw frozenLease(name);
  await requireFit(ports, look.project, environment);
  const beyond = options.agreed === undefined ? plan.changes : beyondApproval(options.agreed, plan);
  if (beyond.length > 0) await ask(ports.io, question(look));
  return { ...told, ...(await carryOut(ports, look)) };
}

/** Asks the cloud, and changes nothing. */
async function lookAtUpdate(
  ports: DevPorts,
  name: string,
  { atOnce = false, parameters = {} }: UpdateOptions,
): Promise<UpdateLook> {
  const looked = await lookAt(ports, name, (text, { blueprint }) =>
    Object.keys(parameters).length === 0 ? text : setParameters(text, typed(parameters, blueprint.value)),
  );
  const { project, environment } = looked;
  const { stack } = environment;
  await ports.deployer.requireOurs(project, stack);
  if ((await ports.records.read(stack)) === undefined) throw neverMade(name);
  const { version } = await ports.deployer.outlook(project, stack);
  const live = await ports.deployer.preview(project, stack);
  const plan = live.stacks.find(({ id }) => id === stack);
  if (plan === undefined || plan.status === 'error')
    throw cannotPlanUpdate(name, plan?.reason ?? 'it is not configured');
  const effects = effectsOf(plan, countsOf(environment));
  const approval = await approvalOf(ports, project, environment, version);
  const flags = Object.entries(parameters).map(([key, value]) => `--parameter ${shellWord(`${key}=${value}`)}`);
  const command = ['tandem env update', name, ...flags].join(' ');
  return { ...looked, command, version, approval, plan, effects, rounds: atOnce ? [] : planRounds(effects, plan) };
}

/** Values of the types that the blueprint says. What has another one stays a text, which the configuration's checks refuse. Pure. */
function typed(
  given: Readonly<Record<string, string>>,
  { parameters }: Pick<Blueprint, 'parameters'>,
): Record<string, string | number | boolean> {
  return Object.fromEntries(
    Object.entries(given).map(([name, text]): [string, string | number | boolean] => {
      const type = Object.hasOwn(parameters, name) ? parameters[name]?.type : undefined;
      if (type === 'integer' && /^-?\d+$/.test(text)) return [name, Number(text)];
      return [name, type === 'boolean' && /^(?:true|false)$/.test(text) ? text === 'true' : text];
    }),
  );
}

/** Servers that go down in no round do so together. */
function requireMajorities({ environment, effects, rounds }: UpdateLook, atOnce: boolean): void {
  if (atOnce) return;
  const inRounds = new Set(rounds.flatMap(({ servers }) => servers));
  const without = effects.servers.filter(({ tier, index }) => !inRounds.has(`${tier}-${index}`));
  const losing = effects.tiers.filter(({ tier, members }) => {
    const down = without.filter((each) => each.tier === tier && each.effect !== 'create' && each.effect !== 'in-place');
    return members >= 3 && members - down.length < majorityOf(members);
  });
  if (losing.length > 0)
    throw losesMajority(
      environment.name,
      losing.map(({ tier }) => tier),
      effects.moves,
    );
}

function describeLook({ environment, version, effects, rounds, plan }: UpdateLook): string[] {
  if (plan.changes.length === 0) return [`${environment.name} is as its blueprint ${environment.blueprint.name} says`];
  const inRounds = rounds.map(({ servers }) => servers.join(' and ')).join(', then ');
  const losing = effects.tiers.filter(({ losesMajority: loses }) => loses && rounds.length === 0);
  return [
    `${environment.name}, by its blueprint ${environment.blueprint.name} (version ${version}):`,
    ...describeEffects(effects),
    ...(rounds.length === 0 ? [] : [`  one after another, each when the one before is up: ${inRounds}`]),
    ...losing.map(
      ({ tier, down, members }) =>
        `  CAUTION: ${down} of ${members} of ${tier} go down at once, and with them its majority`,
    ),
  ];
}

function question(look: UpdateLook): string {
  const about = describeChanges({ stacks: [look.plan] });
  return [...describeLook(look), about.replace(/Continue\?$/, `Update ${look.environment.name}?`)].join('\n');
}

async function carryOut(ports: DevPorts, look: UpdateLook): Promise<Pick<UpdateResult, 'changes' | 'pullRequest'>> {
  const { project, environment, version, plan, effects, rounds } = look;
  const { name, stack } = environment;
  const verb = 'env update';
  const others = refusesOthers(name);
  const work = {
    ...{ verb, stack, inputs: { name, version }, resume: look.command },
    // What it approves is read from the lease, whether or not its commit was finished.
    refuses: (open: Parameters<typeof others>[0]) => (open.verb === 'env approve' ? undefined : others(open)),
  };
  return await runVerb(ports, work, async (operation) => {
    const confirm: EnvironmentDeploy['confirm'] = async (later) => {
      const own = later.stacks.find(({ id }) => id === stack);
      const beyond = own === undefined ? [] : beyondApproval(plan, own);
      return beyond.length === 0 || (await ports.io.confirm(describeChanges(later)));
    };
    const message = `Change parameters of ${name}`;
    const written = look.isEdited
      ? await operation.step('lease', () => commitLease(ports, look.branch, name, { text: look.text, message }))
      : undefined;
    const projectId = await requireProjectId(ports, project, environment);
    const request = { project, stack, verb, operation, confirm, commit: written?.commit };
    let changes = 0;
    const inRounds = new Set(rounds.flatMap(({ servers }) => servers));
    const asked = await whoCanBeAsked(ports, environment, effects, inRounds);
    for (const { name: round, servers, addresses } of rounds) {
      ports.io.progress(`${round} of ${rounds.length}: ${servers.join(', ')}`);
      changes += (await ports.deployer.apply({ ...request, only: { name: round, addresses } })).changes;
      await operation.step(`health ${round}`, async () => {
        await waitUntilHealthy(ports, environment, projectId);
        await awaitPrograms(ports, environment, asked, servers);
      });
    }
    changes += (await ports.deployer.apply(request)).changes;
    await operation.step('health', async () => {
      await waitUntilHealthy(ports, environment, projectId);
      const destroyed = new Set(
        effects.servers.filter(({ effect }) => effect === 'destroy').map(({ tier, index }) => `${tier}-${index}`),
      );
      await awaitPrograms(
        ports,
        environment,
        asked,
        [...asked].filter((each) => !destroyed.has(each)),
      );
    });
    return { changes, pullRequest: written?.pullRequest };
  });
}

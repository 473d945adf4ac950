import type { ActionContext } from '../../../actions/context.ts';
import type { OperateResult } from '../../../actions/fleet/operate.ts';
import type { FleetRequest } from '../../../fleet/request.ts';
import { environmentArgument } from '../../arguments.ts';
import { defineVerb, type Example, type Verb } from '../../define-verb.ts';
import { takes, toggle } from '../../flags.ts';
import { operationJson } from '../../json/fleet-operation.ts';
import type { View } from '../../view.ts';
import { type OperationFlags, operationFlags } from './flags.ts';

interface OperationVerb {
  readonly verb: FleetRequest['verb'];
  readonly brief: string;
  readonly description: string;
  readonly examples: readonly Example[];
}

const COMMON = [
  'Shows the waves, the calls of AWS and a predicted finish, asks, and begins with one instance, then 5 %, then the others. It keeps the',
  'floor and the budget, waits for heartbeats before it goes on, and pauses where too many fail. It excludes deploys of the cluster. Killed',
  'at any moment, it goes on with --resume, from any host that has the same state.',
];

/** A verb that works on chosen instances of a fleet. */
function operationVerb({ verb, brief, description, examples }: OperationVerb): Verb {
  return defineVerb({
    ...{ brief, description: [description, '', ...COMMON].join('\n'), examples, ...SHARED },
    flags: operationFlags,
    action: async (context, flags, environment) => await run(context, verb, flags, environment),
  });
}

const SHARED = {
  arguments: takes(environmentArgument),
  asks: true,
  json: { ...operationJson, streams: ({ dryRun }: Pick<OperationFlags, 'dryRun'>) => !dryRun },
  render: async (result: OperateResult, view: View) =>
    (await import('../../render/fleet-operation.ts')).renderOperation(result, view),
} as const;

async function run(
  context: ActionContext,
  verb: FleetRequest['verb'],
  { noCanary, ids, lockTimeout, bake, drain, ...flags }: OperationFlags & { readonly back?: boolean },
  environment: string,
): Promise<OperateResult> {
  return await (await import('../../../actions/fleet/operate.ts')).operate(context, {
    ...{ ...flags, environment, verb, ids: ids?.flat(), canary: !noCanary },
    ...{ bakeSeconds: bake, drainSeconds: drain, lockTimeoutSeconds: lockTimeout },
  });
}

export const fleetRestartVerb = operationVerb({
  verb: 'restart',
  brief: 'Restart workers or instances in waves, as far as each needs it',
  description:
    'Restarts the worker of what is healthy, and cures what is not: a reboot, a new root volume, or another instance. --rung says otherwise.',
  examples: [
    { command: "tandem fleet restart prod --where 'zone=a and age>30d'" },
    {
      command: 'tandem fleet restart prod --count 300 --rung reboot --floor 50',
      does: 'the oldest 300, half of the fleet at work',
    },
    { command: 'tandem fleet restart prod --budget "30% in 10m" --dry-run', does: 'waves, calls and predicted finish' },
    { command: 'tandem fleet restart prod --resume', does: 'after a kill, a Ctrl-C or a pause' },
  ],
});

export const fleetReplaceVerb = operationVerb({
  verb: 'replace',
  brief: 'Replace instances with others in waves',
  description:
    'Drains each, detaches it so that another is launched, and terminates it; from the warm pool where it has some. Jobs end, or go back to the queue.',
  examples: [
    { command: "tandem fleet replace prod --where 'state=lost or health=unhealthy'" },
    { command: "tandem fleet replace prod --where 'age>30d' --at 02:30 --yes", does: 'asked now, begun at night' },
    { command: 'tandem fleet replace prod --ids i-0123456789abcdef0 --no-canary' },
  ],
});

export const fleetDrainVerb = operationVerb({
  verb: 'drain',
  brief: 'Let instances end their jobs and take no more, or leave the fleet',
  description:
    'The instances stay, without jobs, until `tandem fleet restart` starts their workers. With `--rung retire` they leave, and the fleet gets smaller.',
  examples: [
    { command: "tandem fleet drain prod --where 'zone=c'", does: 'before work in a zone' },
    { command: 'tandem fleet drain prod --count 20 --rung retire', does: 'the oldest 20 leave the fleet' },
  ],
});

export const fleetRolloutVerb = defineVerb({
  ...SHARED,
  brief: 'Bring instances to the current launch template, image and program',
  description: [
    'What differs decides how: a program needs a restart of the worker, an image a root volume, a launch template another instance. A version that',
    'failed is not rolled out again. An earlier one is deployed first; --back then makes sure that it was healthy: in a rollout that ended well, or',
    'on most instances that serve now. A rollout that another deploy overtook is ended before.',
    '',
    ...COMMON,
  ].join('\n'),
  flags: { ...operationFlags, back: toggle('Only to a version that is known to have been healthy') },
  action: async (context, flags, environment) => await run(context, 'rollout', flags, environment),
  examples: [
    { command: 'tandem fleet rollout prod', does: 'after `tandem deploy prod`' },
    { command: 'tandem fleet rollout prod --back', does: 'after the deploy of an earlier version' },
    { command: 'tandem fleet rollout prod --budget "10% in 5m" --dry-run' },
  ],
});

import { TandemError } from '../../errors/tandem-error.ts';

/** Why a step did not reach what it is for. The operation says how to go on. */
export class StepFault extends Error {
  /** File with all that was said. */
  readonly log: string | undefined;

  constructor(message: string, log?: string) {
    super(message);
    this.log = log;
  }
}

/** @param resume the whole command */
export function memberStepFailed(
  {
    cloud,
    leaving,
    off,
  }: { readonly cloud: string; readonly leaving: readonly string[]; readonly off: readonly string[] },
  step: string,
  { message, log }: StepFault,
  resume: string,
): TandemError {
  const [first] = leaving;
  const lost =
    first === undefined || off.length > 0
      ? ''
      : `. Where ${leaving.join(' and ')} ${leaving.length === 1 ? 'is' : 'are'} lost, \`${resume.replace(/ --run$/, ' --off --run')}\` goes on and does nothing there`;
  const read = log === undefined ? 'remove the cause' : `read ${log} and remove the cause`;
  return new TandemError({
    code: 'member-step-failed',
    message: `${cloud}: step "${step}" failed: ${message}`,
    next: `${read}, then run \`${resume}\` again: it goes on with this step, and what was done before it is not repeated${lost}`,
    details: { cloud, step },
  });
}

export function membersImpossible(cloud: string, why: string): TandemError {
  return new TandemError({
    code: 'members-impossible',
    message: `${cloud}: its members cannot change so: ${why}`,
    next: `change config/clouds/${cloud}.yaml, or choose another layout`,
    details: { cloud },
  });
}

export function notDeployed(cloud: string): TandemError {
  return new TandemError({
    code: 'cloud-not-deployed',
    message: `${cloud} has no record of a deployment: Tandem does not know which hosts it stands on`,
    next: `deploy it first: \`tandem deploy kolla/${cloud}\``,
    details: { cloud },
  });
}

/** @param verb what was asked for @param fitting the command that fits what the file says; undefined where nothing moves */
export function membersDiffer(cloud: string, verb: string, why: string, fitting: string | undefined): TandemError {
  return new TandemError({
    code: 'members-differ',
    message: `${cloud}, ${verb}: ${why}`,
    next:
      fitting === undefined
        ? `change the hosts in config/clouds/${cloud}.yaml first: what it says is what is done`
        : `what the file says is done by \`${fitting}\`; else correct config/clouds/${cloud}.yaml`,
    details: { cloud, verb },
  });
}

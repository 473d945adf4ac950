import { TandemError } from '../errors/tandem-error.ts';

export function noTerraform(looked: readonly string[]): TandemError {
  return new TandemError({
    code: 'no-terraform',
    message: `neither Terraform nor OpenTofu was found; looked for ${looked.join(', ')}`,
    next: 'install one of them, or name the program: TANDEM_TERRAFORM, or terraform.binary in config/tandem.yaml',
  });
}

export function terraformTooOld(program: string, version: string, least: string): TandemError {
  return new TandemError({
    code: 'terraform-too-old',
    message: `${program} is version ${version}; at least ${least} is needed`,
    next: 'install a newer one, or name another program: TANDEM_TERRAFORM, or terraform.binary in config/tandem.yaml',
  });
}

export function unknownPlanFormat(version: string): TandemError {
  return new TandemError({
    code: 'unknown-plan-format',
    message: `the plan has format "${version}"; this Tandem reads 1.x`,
    next: 'update Tandem, or use a Terraform or OpenTofu that writes format 1.x',
  });
}

/** One failure that an engine reports, in the words of the cloud. */
export interface Fault {
  /** Resource address; empty where none is to blame. */
  readonly address: string;
  readonly summary: string;
  /** HTTP status of the cloud's answer; 0 where there was none. */
  readonly status: number;
  /** The cloud's id of the request, `req-…` of OpenStack; empty where it gave none. */
  readonly requestId: string;
  /** `POST http://…`; empty where unknown. */
  readonly request: string;
  /** What helps, where the engine knows it. @default - read from status and summary */
  readonly remedy?: 'again' | 'fail';
  /** What people do about it. @default - read from the status */
  readonly next?: string;
}

const NEXT_BY_STATUS: Readonly<Record<number, string>> = {
  401: 'the credentials in clouds.yaml are refused: renew them, then `tandem deploy --resume`',
  403: 'the cloud forbids it: check the role of the credentials and the quota of the project, then `tandem deploy --resume`',
  404: 'something it needs is missing: `tandem plan --live` shows what is there',
  409: 'something of that name exists that this stack does not own: rename one of the two, or remove the other by hand',
  413: 'a quota is used up: raise it, or free something, then `tandem deploy --resume`',
  429: 'the API is overloaded: wait a minute, lower --parallelism, then `tandem deploy --resume`',
};

function faultMessage(fault: Fault): string {
  const where = fault.address === '' ? '' : `${fault.address}: `;
  const request = fault.request === '' ? '' : ` (${fault.request})`;
  const id = fault.requestId === '' ? '' : ` [request ${fault.requestId}]`;
  return `${where}${fault.summary}${request}${id}`;
}

export function stackFailed(stack: string, verb: string, faults: readonly Fault[], attempts: number): TandemError {
  const first = faults[0];
  const status = first?.status ?? 0;
  const rest = faults.length > 1 ? `, and ${faults.length - 1} more` : '';
  const tries = attempts > 1 ? `, after ${attempts} attempts` : '';
  const next =
    first?.next ??
    NEXT_BY_STATUS[status] ??
    (status >= 500
      ? 'the cloud is unwell: give its operators the request id, then `tandem deploy --resume` once it is better'
      : 'mend the cause, then `tandem deploy --resume`: what is done stays done');
  return new TandemError({
    code: 'stack-failed',
    message: `${verb} ${stack} failed${tries}: ${first === undefined ? 'no reason was given' : faultMessage(first)}${rest}`,
    next,
    details: { stack, verb, faults, attempts },
  });
}

export function operationFailed(failed: readonly { readonly stack: string; readonly error: Error }[]): TandemError {
  const [first] = failed;
  const next = first?.error instanceof TandemError ? first.error.next : 'see the errors above';
  return new TandemError({
    code: 'operation-failed',
    message: `${failed.length} stacks failed: ${failed.map((each) => `${each.stack} (${each.error.message})`).join('; ')}`,
    next,
    cause: first?.error,
    details: {
      failed: failed.map(({ stack, error }) => ({
        stack,
        code: error instanceof TandemError ? error.code : 'unexpected',
        message: error.message,
        ...(error instanceof TandemError ? { details: error.details } : {}),
      })),
    },
  });
}

export function declined(): TandemError {
  return new TandemError({
    code: 'declined',
    message: 'not confirmed; nothing was changed',
    next: 'run again and answer yes, or pass --yes',
  });
}

export function noTerminal(): TandemError {
  return new TandemError({
    code: 'no-terminal',
    message: 'the changes need a yes, and there is no terminal to ask on',
    next: 'read the plan (`tandem plan --live`), then pass --yes',
  });
}

export function interrupted(operation: string, stacks: readonly string[]): TandemError {
  return new TandemError({
    code: 'interrupted',
    message: `stopped as asked; ${stacks.join(', ')} ${stacks.length === 1 ? 'is' : 'are'} unfinished`,
    next: `\`tandem deploy --resume\` goes on with operation ${operation}`,
    details: { operation, stacks },
  });
}

export function nothingToResume(): TandemError {
  return new TandemError({
    code: 'nothing-to-resume',
    message: 'no operation is unfinished',
    next: '`tandem deploy STACK` starts one',
  });
}

export function resumeElsewhere(operation: string, verb: string, command: string): TandemError {
  return new TandemError({
    code: 'resume-elsewhere',
    message: `operation ${operation} is an unfinished \`${verb}\``,
    next: `go on with it: \`${command}\``,
  });
}

export function planGrew(stack: string, changes: readonly string[]): TandemError {
  return new TandemError({
    code: 'plan-changed',
    message: `the plan of ${stack} now has changes that nobody confirmed: ${changes.join(', ')}`,
    next: 'something else changed the cloud or the configuration meanwhile: run again and read the new plan',
    details: { stack, changes },
  });
}

export function notDeployable(stack: string, engine: string): TandemError {
  return new TandemError({
    code: 'no-engine',
    message: `${stack} is a ${engine} stack, and nothing here deploys those yet`,
    next: 'name the stacks of another engine',
  });
}

export function notDestroyable(stack: string, why: string): TandemError {
  return new TandemError({
    code: 'not-destroyable',
    message: `${stack} cannot be destroyed: ${why}`,
    next: 'see `tandem list`',
  });
}

export function credentialsBound(cloud: string, entry: string): TandemError {
  return new TandemError({
    code: 'credentials-bound',
    message: `entry "${entry}" for cloud "${cloud}" is an application credential, which works in one project only; dev environments have projects of their own`,
    next: `use a user's password or token in clouds.yaml for deploying`,
    details: { cloud, entry },
  });
}

export function initFailed(stack: string, program: string, why: string): TandemError {
  return new TandemError({
    code: 'engine-failed',
    message: `${program} cannot work on ${stack}: ${why}`,
    next: 'nothing was changed; mend the cause (providers, back end, network) and run again',
    details: { stack },
  });
}

export function severalToResume(
  operations: readonly { readonly id: string; readonly verb: string; readonly stacks: readonly string[] }[],
): TandemError {
  const list = operations.map((each) => `${each.id} (${each.verb} ${each.stacks.join(' ')})`).join('; ');
  return new TandemError({
    code: 'several-to-resume',
    message: `${operations.length} operations are unfinished: ${list}`,
    next: 'name one of their stacks, or the operation: `tandem deploy --resume OPERATION`',
    details: { operations },
  });
}

export function noSuchOutput(stack: string, name: string, known: readonly string[]): TandemError {
  return new TandemError({
    code: 'no-such-output',
    message: `${stack} has no output "${name}"`,
    next: known.length === 0 ? 'it has none at all' : `name one of: ${known.join(', ')}`,
  });
}

export function notDeployed(stack: string): TandemError {
  return new TandemError({
    code: 'not-deployed',
    message: `${stack} was never deployed from here`,
    next: `\`tandem deploy ${stack}\` does it; \`tandem list\` shows what is`,
  });
}

export function tooManyStacks(verb: string, selector: string, stacks: readonly string[]): TandemError {
  return new TandemError({
    code: 'too-many-stacks',
    message: `\`${verb}\` takes one stack, and "${selector}" means ${stacks.length}`,
    next: `name one of: ${stacks.join(', ')}`,
  });
}

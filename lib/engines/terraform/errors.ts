import { TandemError } from '../../errors/tandem-error.ts';
import { counted } from '../../text/plural.ts';

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

export function initFailed(stack: string, program: string, why: string): TandemError {
  return new TandemError({
    code: 'engine-failed',
    message: `${program} cannot work on ${stack}: ${why}`,
    next: 'fix the cause (providers, backend, network) and run again',
    details: { stack },
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

export function changeImpossible(stack: string, why: string): TandemError {
  return new TandemError({
    code: 'change-impossible',
    message: `${stack} cannot be changed as configured: ${why}`,
    next: 'change the configuration as described and plan again',
    details: { stack },
  });
}

export function stateNotSaved(stack: string, file: string, resources: number, cause: TandemError): TandemError {
  return new TandemError({
    code: 'state-not-saved',
    message: `the state of ${stack} (${counted(resources, 'resource')}) could not be written to its back end: ${cause.message}; it is in ${file}`,
    next: 'keep that file; once the back end answers, `tandem deploy --resume` from this folder writes it before anything else',
    details: { stack, file },
    cause,
  });
}

interface Facts {
  readonly serial: number;
  readonly addresses: readonly string[];
}

export function stateOutrun(stack: string, file: string, version: string, left: Facts, there: Facts): TandemError {
  return new TandemError({
    code: 'state-outrun',
    message: `${file} holds a state of ${stack} that could not be written (serial ${left.serial}, ${left.addresses.length} resources); another run wrote a newer one meanwhile (serial ${there.serial}, ${there.addresses.length} resources)`,
    next: `both are kept: compare them with \`tandem state show ${stack} ${version}\`, then keep the right one with \`tandem state restore ${stack} ${version}\` or any other version of \`tandem state list ${stack}\``,
    details: { stack, file, version },
  });
}

export function stateUnwritten(stack: string, file: string): TandemError {
  return new TandemError({
    code: 'state-unwritten',
    message: `the last run on ${stack} could not write its state, which is in ${file}: what is known of the stack is out of date`,
    next: 'run `tandem deploy --resume`, which writes it before anything else, then look again',
    details: { stack, file },
  });
}

export function terraformStillRuns(stack: string, seconds: number): TandemError {
  return new TandemError({
    code: 'terraform-still-runs',
    message: `the Terraform of an earlier run on ${stack} still works, after ${seconds} s of waiting`,
    next: 'wait until it has ended, then run `tandem deploy --resume`',
    details: { stack },
  });
}

export function stateInTwoPlaces(stack: string, file: string, backend: string): TandemError {
  return new TandemError({
    code: 'state-in-two-places',
    message: `${stack} has a state in ${file}, and another in ${backend}, where state.backend says that states are`,
    next: 'find out which one is right (`terraform show` of each): move the file out of .tandem/state if it is the one in the back end',
    details: { stack, file, backend },
  });
}

export function programNotAbsolute(path: string): TandemError {
  return new TandemError({
    code: 'program-not-absolute',
    message: `TANDEM_TERRAFORM is "${path}", a relative path`,
    next: 'name a program on the path, like tofu, or write its whole path',
    details: { path },
  });
}

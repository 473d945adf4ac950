import { TandemError } from '../../errors/tandem-error.ts';

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
    next: 'nothing was changed; fix the cause (providers, backend, network) and run again',
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

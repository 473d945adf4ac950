import { TandemError } from '../errors/tandem-error.ts';

export function invalidStackId(text: string): TandemError {
  return new TandemError({
    code: 'invalid-stack-id',
    message: `"${text}" is not the id of a stack`,
    next: 'an id is like openstack/paris/base; `tandem list` shows them all',
  });
}

export function noSuchStack(name: string, near: readonly string[], hasStacks: boolean): TandemError {
  return new TandemError({
    code: 'no-such-stack',
    message: `no stack matches "${name}"`,
    next: !hasStacks
      ? 'nothing is configured or recorded'
      : near.length > 0
        ? `did you mean ${near.join(' or ')}? \`tandem list\` shows all`
        : '`tandem list` shows all stacks',
  });
}

export function customStackInvalid(file: string, why: string): TandemError {
  return new TandemError({
    code: 'custom-stack-invalid',
    message: `${file}: ${why}`,
    next: "write `export const stack = defineStack({ name, engine: 'cdk', inputs, build })`, as docs/examples/custom does",
    details: { file, why },
  });
}

/** What Node's permissions refused is in a member of the error, not in its message. */
export function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  const { permission, resource } = cause as { readonly permission?: string; readonly resource?: string };
  return permission === undefined ? cause.message : `no permission: ${permission} ${resource ?? ''}`.trim();
}

export function customStackFailed(file: string, what: string, cause: unknown): TandemError {
  const why = reasonOf(cause);
  return new TandemError({
    code: 'custom-stack-failed',
    message: `${file}: ${what}: ${why.split('\n')[0] ?? ''}`,
    next: 'fix that file, or move it out of stacks/custom; it may read only the project, and use neither network nor other programs',
    details: { file, what, why: why.split('\n')[0] ?? '' },
    cause,
  });
}

export function customStackBackend(file: string): TandemError {
  return new TandemError({
    code: 'custom-stack-backend',
    message: `${file}: its stack names a back end of its own, and state.backend of config/tandem.yaml says where all states are`,
    next: 'remove the back end (S3Backend, LocalBackend, CloudBackend, an override of terraform.backend) from `build`: Tandem sets it. An existing state goes along with `terraform state pull` before, and `terraform state push` after that',
    details: { file },
  });
}

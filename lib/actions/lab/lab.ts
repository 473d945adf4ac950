import type { ActionContext } from '../context.ts';
import { usage } from '../errors.ts';
import type { DownOptions, Lab, LabDown, LabKind, LabOptions, LabStatus, LabUp, UpOptions } from './kind.ts';

/** Starts a lab; does nothing where it runs. @throws TandemError `usage`, and those of `lab/errors.ts` */
export async function up(context: ActionContext, options: UpOptions): Promise<LabUp> {
  const kind = kindOf(options);
  if (options.hypervisors !== undefined) requireKind('--hypervisors', kind, ['openstack']);
  for (const flag of ['environment', 'port', 'seed'] as const)
    if (options[flag] !== undefined) requireKind(`--${flag}`, kind, ['aws']);
  return { kind, ...(await (await labOf(kind)).up(context, options)) };
}

/** Stops a lab and removes what it made. @throws TandemError `usage`, and those of `lab/errors.ts` */
export async function down(context: ActionContext, options: DownOptions): Promise<LabDown> {
  const kind = kindOf(options);
  if (options.keepPackages === true) requireKind('--keep-packages', kind, ['openstack', 'ha']);
  return { kind, ...(await (await labOf(kind)).down(context, options)) };
}

/** Asks every service of a lab. @throws TandemError `usage` */
export async function status(context: ActionContext, options: LabOptions): Promise<LabStatus> {
  const kind = kindOf(options);
  return { kind, ...(await (await labOf(kind)).status(context, options)) };
}

function kindOf({ ha = false, aws = false }: LabOptions): LabKind {
  if (ha && aws) throw usage('--ha cannot be combined with --aws', 'use either --ha or --aws');
  return ha ? 'ha' : aws ? 'aws' : 'openstack';
}

function requireKind(flag: string, kind: LabKind, kinds: readonly LabKind[]): void {
  if (kinds.includes(kind)) return;
  if (kind === 'openstack')
    throw usage(`${flag} needs --${kinds[0] ?? ''}`, `add --${kinds[0] ?? ''}, or leave out ${flag}`);
  throw usage(`${flag} cannot be combined with --${kind}`, `use either ${flag} or --${kind}`);
}

/** Loaded when asked for: the product runs where there is no lab. */
async function labOf(kind: LabKind): Promise<Lab> {
  switch (kind) {
    case 'openstack':
      return (await import('./openstack.ts')).openStackLab;
    case 'ha':
      return (await import('./ha.ts')).haLab;
    case 'aws':
      return (await import('./aws.ts')).awsLab;
  }
}

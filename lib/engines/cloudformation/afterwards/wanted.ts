import { PLAIN_ATTRIBUTE } from '../../../plan/change.ts';
import type { Change } from '../../../plan/model.ts';
import { AFTER_DEPLOYMENT, type AfterDeployment, afterDeploymentSchema } from '../../../stack/after-deployment.ts';
import { mapOf } from '../../../text/json.ts';

/** What one resource of a stack shall have that CloudFormation does not set. */
export interface Wanted {
  /** Logical id. */
  readonly address: string;
  readonly setting: AfterDeployment;
}

/** What is to be set once the stack is as its artefact says. Pure. */
export function wantedOf(artefact: string): Wanted[] {
  const { Resources } = JSON.parse(artefact) as { readonly Resources?: unknown };
  return Object.entries(mapOf(Resources)).flatMap(([address, resource]) => {
    const said = mapOf(mapOf(resource)['Metadata'])[AFTER_DEPLOYMENT];
    return said === undefined ? [] : [{ address, setting: afterDeploymentSchema.parse(said) }];
  });
}

/** What somebody finds beside what is wanted, in words of AWS. */
export interface Difference extends Wanted {
  readonly actual: readonly string[];
}

/** Changes that set what differs. Pure. @param isDrift - Whether they tell what was changed, and not what will be */
export function settingChanges(differences: readonly Difference[], isDrift = false): Change[] {
  return differences.map(({ address, setting, actual }) => {
    const { path, type, wanted } = wordsOf(setting);
    const [before, after] = isDrift ? [wanted, actual] : [actual, wanted];
    return {
      ...{ address: `${address}.${path}`, type, action: 'update' as const },
      reasons: ['it is set after the stack: CloudFormation has no property for it'],
      attributes: [{ path, before, after, ...PLAIN_ATTRIBUTE }],
      ...{ source: null, noise: false, restarts: [], findings: [] },
    };
  });
}

interface Words {
  readonly path: string;
  readonly type: string;
  readonly wanted: readonly string[];
  /** What happens after the resource is made. */
  readonly afterwards: string;
  /** What was done. @param of - Physical id */
  readonly done: (of: string) => string;
}

/** A setting as people read it. Pure. */
export function wordsOf(setting: AfterDeployment): Words {
  if ('DefaultSecurityGroup' in setting)
    return {
      ...{ path: 'DefaultSecurityGroup', type: 'AWS::EC2::SecurityGroup', wanted: [] },
      afterwards: 'afterwards, all rules of its default security group are revoked',
      done: (of) => `revoked all rules of the default security group of ${of}`,
    };
  if ('SuspendedProcesses' in setting) {
    const { SuspendedProcesses: wanted } = setting;
    return {
      ...{ path: 'SuspendedProcesses', type: 'AWS::AutoScaling::AutoScalingGroup', wanted },
      afterwards: `afterwards, ${wanted.join(', ')} of it is suspended`,
      done: (of) => `suspended ${wanted.join(', ')} of ${of}`,
    };
  }
  const wanted = tunnelWords(setting.TunnelOptions);
  return {
    ...{ path: 'TunnelOptions', type: 'AWS::EC2::VPNConnection', wanted: [wanted] },
    afterwards: `afterwards, its tunnels get, one after the other: ${wanted}`,
    done: (of) => `gave the tunnels of ${of}, one after the other: ${wanted}`,
  };
}

export type TunnelSettings = Extract<AfterDeployment, { TunnelOptions: object }>['TunnelOptions'];

export function tunnelWords({ DPDTimeoutSeconds, EnableTunnelLifecycleControl }: TunnelSettings): string {
  const control = EnableTunnelLifecycleControl ? 'lifecycle control' : 'no lifecycle control';
  return `dead after ${DPDTimeoutSeconds} s without an answer, ${control}`;
}

/** Changes that make a stack, with what is set after each resource. Pure. */
export function withAfterwards(changes: readonly Change[], artefact: string): Change[] {
  const wanted = new Map(wantedOf(artefact).map(({ address, setting }) => [address, setting]));
  return changes.map((change) => {
    const setting = wanted.get(change.address);
    if (setting === undefined || change.action !== 'create') return change;
    return { ...change, reasons: [...change.reasons, wordsOf(setting).afterwards] };
  });
}

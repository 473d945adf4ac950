import { DescribeNetworkInterfacesCommand, DescribeVpnConnectionsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { called } from '../../aws-api/aws-error.ts';
import { ATTEMPTS } from '../../aws-api/session.ts';
import { artefactName } from '../../stack/id.ts';
import { LOOKED_UP_OUTPUTS, type LookedUpOutputs, lookedUpOutputsSchema } from '../../stack/looked-up-outputs.ts';
import type { SynthesizedStack } from '../../stack/synthesized.ts';
import { mapOf } from '../../text/json.ts';
import type { Outputs } from '../engine.ts';
import type { CloudFormationConnection } from './connection.ts';
import { liveResources } from './stack-state.ts';

/** Outputs that CloudFormation has no attribute for; nothing is asked of a stack without any. What is not there yet is left out. */
export async function lookedUp(
  { region, credentials, cloudFormation }: CloudFormationConnection,
  { id, text }: Pick<SynthesizedStack, 'id' | 'text'>,
): Promise<Outputs> {
  const asked = askedFor(text);
  if (asked.size === 0) return {};
  const ec2 = new EC2Client({ region, credentials, maxAttempts: ATTEMPTS });
  try {
    const live = await liveResources(cloudFormation, artefactName(id));
    const found = await Promise.all(
      live.map(({ address, physicalId }) => {
        const what = asked.get(address);
        return what === undefined ? Promise.resolve({}) : valuesOf(ec2, physicalId, what);
      }),
    );
    return Object.fromEntries(
      found.flatMap((each) => Object.entries(each)).map(([name, value]) => [name, { value, sensitive: false }]),
    );
  } finally {
    ec2.destroy();
  }
}

/** By logical id, what is asked for. Pure. */
function askedFor(artefact: string): ReadonlyMap<string, LookedUpOutputs> {
  const { Resources } = JSON.parse(artefact) as { readonly Resources?: unknown };
  return new Map(
    Object.entries(mapOf(Resources)).flatMap(([address, resource]) => {
      const said = mapOf(mapOf(resource)['Metadata'])[LOOKED_UP_OUTPUTS];
      return said === undefined ? [] : [[address, lookedUpOutputsSchema.parse(said)] as const];
    }),
  );
}

async function valuesOf(ec2: EC2Client, id: string, what: LookedUpOutputs): Promise<Readonly<Record<string, string>>> {
  if ('InterfaceAddresses' in what) {
    const { NetworkInterfaces = [] } = await called('ec2:DescribeNetworkInterfaces', () =>
      ec2.send(new DescribeNetworkInterfacesCommand({ Filters: [{ Name: 'group-id', Values: [id] }] })),
    );
    const addresses = NetworkInterfaces.flatMap(({ PrivateIpAddress }) => PrivateIpAddress ?? []).sort();
    return addresses.length === 0 ? {} : { [what.InterfaceAddresses]: addresses.join(',') };
  }
  const { VpnConnections: [found] = [] } = await called('ec2:DescribeVpnConnections', () =>
    ec2.send(new DescribeVpnConnectionsCommand({ VpnConnectionIds: [id] })),
  );
  return Object.fromEntries(
    (found?.Options?.TunnelOptions ?? []).flatMap(({ TunnelInsideCidr = '', OutsideIpAddress }) => {
      const name = what.TunnelAddresses[TunnelInsideCidr];
      return name === undefined || OutsideIpAddress === undefined ? [] : [[name, OutsideIpAddress]];
    }),
  );
}

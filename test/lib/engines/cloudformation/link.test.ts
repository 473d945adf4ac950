import { DescribeVpnConnectionsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { App } from 'aws-cdk-lib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { cloudFormationStore } from '../../../../lab/aws/cloudformation/stack.ts';
import { secretsOf } from '../../../../lab/aws/secretsmanager/store.ts';
import { setTunnel, vpnConnections } from '../../../../lab/aws/vpn/store.ts';
import { changeTunnelKey, publishTunnelKey } from '../../../../lib/aws-api/tunnel-key.ts';
import { vpnTunnelsOf } from '../../../../lib/aws-api/vpn-tunnels.ts';
import { Secret, type SecretRef, type SecretStore } from '../../../../lib/secrets/secret.ts';
import { artefactName, StackId } from '../../../../lib/stack/id.ts';
import { digestOf, type SynthesizedStack } from '../../../../lib/stack/synthesized.ts';
import type { environments } from '../../../stacks/aws/environments.ts';
import { linkInputsOf, stacksOfEnvironment } from '../../../stacks/aws/environments.ts';
import { memorySecrets } from '../../secrets/memory-secrets.ts';
import { openRig, type Rig } from './lifecycle-rig.ts';

const IDS = ['1-1', '1-2', '2-1', '2-2'] as const;
const OUTPUTS = ['TunnelAddress11', 'TunnelAddress12', 'TunnelAddress21', 'TunnelAddress22'];

/** Network and link as they are shipped, without what asks for a bootstrap. */
function stacksOf(name: keyof typeof environments): readonly [SynthesizedStack, SynthesizedStack] {
  const stacks = stacksOfEnvironment(name, linkInputsOf(name, { discovery: undefined }));
  const assembly = (stacks[0]!.node.root as App).synth();
  const made = (id: StackId, given?: SynthesizedStack['given']): SynthesizedStack => {
    const template = structuredClone(assembly.getStackByName(artefactName(id)).template as Template);
    delete template.Rules;
    delete template.Parameters['BootstrapVersion'];
    const text = JSON.stringify(template);
    const head = { engine: 'cloudformation', dependsOn: [], unresolvedInputs: [], files: [], citations: {} } as const;
    return { ...head, id, text, digest: digestOf(text), target: {}, ...(given === undefined ? {} : { given }) };
  };
  const given = { Gateway1Address: '192.0.2.1', Gateway2Address: '192.0.2.2' };
  return [made(StackId.network(name)), made(StackId.awsLink(name), given)];
}

interface Template {
  Rules?: unknown;
  Parameters: Record<string, unknown>;
}

describe('the AWS side of a link', () => {
  const [network, link] = stacksOf('least');
  let rig: Rig;
  let store: SecretStore;
  let ec2: EC2Client;
  const realm = () => rig.endpoint.state.realm('222233334444', 'eu-west-3');
  const keyOf = (id: string) => store.use(`secret:link/main/tunnel-${id}`, async (each) => each.unwrap());
  const described = async () => (await ec2.send(new DescribeVpnConnectionsCommand({}))).VpnConnections ?? [];
  const outputs = async () => {
    const found = await rig.engine.outputs(link, { signal: new AbortController().signal, parallelism: 1 });
    return Object.fromEntries(Object.entries(found).map(([name, { value }]) => [name, String(value)]));
  };

  beforeEach(async () => {
    store = memorySecrets();
    rig = await openRig({ secrets: async () => store });
    const { region, credentials } = rig.connection;
    ec2 = new EC2Client({ region, credentials, endpoint: rig.endpoint.url });
    await rig.deploy(network);
  });
  afterEach(() => rig.close());

  test('tells `link status` of its four tunnels, each by its inside range', async () => {
    await rig.deploy(link);
    const { TunnelAddress12 = '' } = await outputs();
    setTunnel(realm(), TunnelAddress12, { up: true, routes: 3 });
    const tunnels = await vpnTunnelsOf(rig.connection, link.id);
    expect(tunnels.map(({ isUp, acceptedRoutes }) => [isUp, acceptedRoutes])).toEqual([
      ...[
        [false, 0],
        [true, 3],
        [false, 0],
        [false, 0],
      ],
    ]);
    expect(tunnels[1]).toMatchObject({
      outside: TunnelAddress12,
      message: '3 BGP ROUTES',
      connectionState: 'available',
    });
    expect(new Set(tunnels.map(({ inside }) => inside)).size).toBe(4);
    expect(tunnels[1]?.changedAt).toBeInstanceOf(Date);
    // Of another link, nothing is told.
    expect(await vpnTunnelsOf(rig.connection, StackId.awsLink('other'))).toEqual([]);
  });

  test('is made with keys of the project, which nothing else tells, and gives its addresses', async () => {
    const frozen = await rig.plan(link);
    const afterwards = frozen.plan.changes.flatMap(({ reasons }) => reasons.filter((each) => each.includes('tunnels')));
    expect(afterwards).toEqual(
      Array(2).fill(
        'afterwards, its tunnels get, one after the other: dead after 30 s without an answer, lifecycle control',
      ),
    );
    const events = await rig.apply(frozen);
    const texts = events.flatMap((each) => (each.kind === 'message' ? [each.text] : []));
    expect(texts).toContain('wrote 4 keys into Secrets Manager, where CloudFormation reads them');
    const tunnels = (await described()).flatMap(({ Options }) => Options?.TunnelOptions ?? []);
    const keys = await Promise.all(IDS.map(keyOf));
    expect(keys.every((each) => /^[A-Za-z][A-Za-z0-9]{47}$/.test(each))).toBe(true);
    expect(new Set(keys).size).toBe(4);
    expect(tunnels.map(({ PreSharedKey }) => PreSharedKey).sort()).toEqual([...keys].sort());
    expect(tunnels.map((each) => [each.DpdTimeoutSeconds, each.EnableTunnelLifecycleControl])).toEqual(
      Array(4).fill([30, true]),
    );
    const { ResolverAddresses = '', ...addresses } = await outputs();
    expect(Object.keys(addresses).sort()).toEqual(OUTPUTS);
    const byInside = new Map(tunnels.map((each) => [each.TunnelInsideCidr, each.OutsideIpAddress]));
    expect(OUTPUTS.map((name) => addresses[name])).toEqual(
      [0, 4, 8, 12].map((at) => byInside.get(`169.254.10.${at}/30`)),
    );
    expect(ResolverAddresses).toMatch(/^10\.0\.\d+\.\d+,10\.0\.\d+\.\d+$/);
    const told = JSON.stringify([frozen.plan, events, cloudFormationStore(realm()), [...realm().resources.values()]]);
    expect(keys.filter((each) => told.includes(each))).toEqual([]);
    expect((await rig.plan(link)).plan).toMatchObject({ status: 'unchanged' });
  });

  test('gets back what was changed by hand, one tunnel at a time, and each is up before the next', async () => {
    await rig.deploy(link);
    const all = [...vpnConnections(realm()).values()];
    for (const { outsideAddress } of all.flatMap(({ tunnels }) => tunnels))
      setTunnel(realm(), outsideAddress, { up: true });
    for (const { id, tunnels } of all)
      for (const tunnel of tunnels) {
        tunnel.options = { ...tunnel.options, DpdTimeoutSeconds: 99 };
        expect(id).toMatch(/^vpn-/);
      }
    const drift = (await rig.drift(link)).drift.flatMap(({ attributes }) => attributes.flatMap(({ after }) => after));
    expect(drift).toHaveLength(4);
    expect(drift[0]).toMatch(/^198\.51\.100\.\d+: dead after 99 s without an answer, lifecycle control$/);
    const down: number[] = [];
    const watch = setInterval(() => {
      const now = realm().world.clock.now();
      down.push(all.flatMap(({ tunnels }) => tunnels).filter(({ busyUntil }) => busyUntil > now).length);
    }, 1);
    await rig.deploy(link);
    clearInterval(watch);
    expect(Math.max(...down)).toBe(1);
    expect(all.flatMap(({ tunnels }) => tunnels.map(({ options }) => options['DpdTimeoutSeconds']))).toEqual(
      Array(4).fill(30),
    );
  });

  test('keeps a key that was changed in one tunnel, as rotation does', async () => {
    await rig.deploy(link);
    const { TunnelAddress12 = '' } = await outputs();
    const keysNow = async () => {
      const tunnels = (await described()).flatMap(({ Options }) => Options?.TunnelOptions ?? []);
      return new Map(tunnels.map(({ OutsideIpAddress, PreSharedKey }) => [OutsideIpAddress, PreSharedKey]));
    };
    const before = await keysNow();
    const tunnel = (await vpnTunnelsOf(rig.connection, link.id)).find(({ outside }) => outside === TunnelAddress12)!;
    const key = new Secret('another.key.of_this', 'secret:link/main/tunnel-1-2');
    await changeTunnelKey(rig.connection, tunnel, key);
    await publishTunnelKey(rig.connection, 'link/main/tunnel-1-2', key);
    expect(await keysNow()).toEqual(new Map(before).set(TunnelAddress12, 'another.key.of_this'));
    expect(secretsOf(realm()).get('tandem/link/main/tunnel-1-2')?.value).toBe('another.key.of_this');
    await publishTunnelKey(rig.connection, 'link/none/tunnel-1-2', key);
    expect(secretsOf(realm()).has('tandem/link/none/tunnel-1-2')).toBe(false);
    expect((await rig.plan(link)).plan).toMatchObject({ status: 'unchanged', drift: [] });
  });

  test('goes with its keys in AWS, and the project keeps its own', async () => {
    await rig.deploy(link);
    expect([...secretsOf(realm()).keys()].sort()).toEqual(IDS.map((id) => `tandem/link/main/tunnel-${id}`));
    const before = await Promise.all(IDS.map(keyOf));
    await rig.destroy(link);
    await rig.destroy(network);
    expect([secretsOf(realm()).size, vpnConnections(realm()).size, realm().resources.size]).toEqual([0, 0, 0]);
    await rig.deploy(network);
    await rig.deploy(link);
    expect(await Promise.all(IDS.map(keyOf))).toEqual(before);
  });

  test('takes no secret of somebody else for its own', async () => {
    await rig.deploy(link);
    const secret = secretsOf(realm()).get('tandem/link/main/tunnel-1-1')!;
    secret.tags = [];
    await rig.destroy(link);
    expect(secretsOf(realm()).size).toBe(1);
    const { region, credentials } = rig.connection;
    const service = new SecretsManagerClient({ region, credentials, endpoint: rig.endpoint.url });
    await service.send(new PutSecretValueCommand({ SecretId: secret.name, SecretString: 'of somebody' }));
    await expect(rig.deploy(link)).rejects.toMatchObject({ code: 'secret-of-another' });
    expect(secret.value).toBe('of somebody');
  });
});

test('a key that begins with 0 is never made', async () => {
  const references = Array.from({ length: 200 }, (_, at): SecretRef => `secret:link/x/${at}`);
  const { linkKey } = await import('../../../../lib/secrets/link-key.ts');
  const store = memorySecrets();
  for (const each of references) expect((await linkKey(store, each)).unwrap()).toMatch(/^[A-Za-z][A-Za-z0-9]{47}$/);
});

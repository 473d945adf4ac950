import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DescribeVpnConnectionsCommand, EC2Client, ModifyVpnTunnelOptionsCommand } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AwsEndpoint, labCredentials, startAwsEndpoint } from '../../../lab/aws/index.ts';
import { secretsOf } from '../../../lab/aws/secretsmanager/store.ts';
import { setTunnel } from '../../../lab/aws/vpn/store.ts';
import { StackId } from '../../../lib/stack/id.ts';
import { digestOf } from '../../../lib/stack/synthesized.ts';
import { localRecords } from '../../../lib/state/local-records.ts';
import { type AwsOperator, createBootstrap, createDeployRole, openOperator } from './operator.ts';

const ACCOUNT = '222233334444';
const REGION = 'eu-west-3';
const LINK = 'aws/staging/link';
const ADDRESSES = StackId.linkAddresses('lab');
const KEYS = ['1-1', '1-2', '2-1', '2-2'].map((id) => `tandem/link/rehearsal/tunnel-${id}`);

const REHEARSAL = `cloud: lab
environment: staging
network: 10.202.0.0/28
gateways: { image: debian-12, flavor: small, zones: [rack-a, rack-b] }
tunnels: { inside: 169.254.100.0/28 }
names: { zone: staging.aws.acme.example.org }
`;

const CLOUDS = `clouds:
  lab:
    auth: { auth_url: "http://127.0.0.1:5000/v3", username: admin, password: none, project_name: admin, user_domain_name: Default, project_domain_name: Default }
`;

/** The AWS side of a link in the hands of `tandem`, with addresses of gateways as Terraform's state tells them; each test goes on from where the last one ended. */
describe('the AWS side of a link', () => {
  let endpoint: AwsEndpoint;
  let operator: AwsOperator;
  let ec2: EC2Client;
  const told: string[] = [];
  const realm = () => endpoint.state.realm(ACCOUNT, REGION);
  const tandem = async (...args: string[]) => {
    const run = await operator.tandem(...args);
    told.push(run.out, run.log);
    return run;
  };
  const tunnels = async () => {
    const { VpnConnections = [] } = await ec2.send(new DescribeVpnConnectionsCommand({}));
    return VpnConnections.flatMap(({ VpnConnectionId, Options, VgwTelemetry = [] }) =>
      (Options?.TunnelOptions ?? []).map((each, at) => ({
        ...each,
        VpnConnectionId,
        Status: VgwTelemetry[at]?.Status,
      })),
    );
  };
  const put = (file: string, text: string): void => {
    mkdirSync(dirname(join(operator.root, file)), { recursive: true });
    writeFileSync(join(operator.root, file), text, { mode: 0o600 });
  };

  /** What the other side's stack leaves: a record, and a state with its outputs. */
  async function giveAddresses(): Promise<void> {
    const path = join(operator.root, '.tandem/state', `${ADDRESSES}.tfstate`);
    const addresses = { gateway_1_address: '203.0.113.21', gateway_2_address: '203.0.113.22' };
    const each = (make: (value: string) => object) =>
      Object.fromEntries(Object.entries(addresses).map(([name, value]) => [name, make(value)]));
    const artefact = JSON.stringify({
      terraform: { backend: { local: { path } } },
      output: each((value) => ({ value })),
    });
    const outputs = each((value) => ({ value, type: 'string' }));
    const state = { version: 4, terraform_version: '1.11.4', serial: 1, lineage: 'test', outputs, resources: [] };
    put(`.tandem/state/${ADDRESSES}.tfstate`, JSON.stringify(state));
    await localRecords(operator.root).write({
      ...{ format: 'tandem.record/1', stack: ADDRESSES, engine: 'terraform', artefact, digest: digestOf(artefact) },
      ...{ commit: '', files: [], at: new Date().toISOString(), by: 'ops@host' },
    });
  }

  beforeAll(async () => {
    endpoint = await startAwsEndpoint({ stepMilliseconds: 25 });
    operator = openOperator(endpoint.url, ACCOUNT, REGION);
    ec2 = new EC2Client({ endpoint: endpoint.url, region: REGION, credentials: labCredentials(ACCOUNT) });
    put('config/links/rehearsal.yaml', REHEARSAL);
    put('clouds.yaml', CLOUDS);
    operator.edit('config/clouds/lab.yaml', (text) =>
      text.replace(/clientConfig: .*/, 'clientConfig: clouds.yaml').replace(/terraform:\n {2}cliConfig: .*\n/, ''),
    );
    await createDeployRole(endpoint.url, ACCOUNT, REGION);
    await createBootstrap(endpoint.url, ACCOUNT, REGION);
  });
  afterAll(async () => {
    await endpoint.close();
    operator.remove();
  });

  it('waits for the addresses of gateways', async () => {
    const { log } = await tandem('deploy', 'aws/staging/network', LINK, '--yes');
    expect(log).toContain(`it takes addresses of the gateways from ${ADDRESSES}`);
    expect(realm().ofType('AWS::EC2::VPC')).toHaveLength(1);
    expect(realm().ofType('AWS::EC2::VPNConnection')).toEqual([]);
  });

  it('is made with them and with keys that nothing tells, and gives its own addresses', async () => {
    await giveAddresses();
    const { code, log } = await tandem('deploy', LINK, '--yes');
    expect(code, log).toBe(0);
    const peers = realm()
      .ofType('AWS::EC2::CustomerGateway')
      .map(({ properties }) => properties['IpAddress']);
    expect(peers.sort()).toEqual(['203.0.113.21', '203.0.113.22']);
    expect([...secretsOf(realm()).keys()].sort()).toEqual(KEYS);
    const live = await tunnels();
    expect(live.map((each) => [each.DpdTimeoutSeconds, each.EnableTunnelLifecycleControl])).toEqual(
      Array(4).fill([30, true]),
    );
    const { outputs } = JSON.parse(await operator.ok('output', LINK, '--json')) as { outputs: Record<string, string> };
    const byInside = new Map(live.map((each) => [each.TunnelInsideCidr, each.OutsideIpAddress]));
    expect([outputs['TunnelAddress11'], outputs['TunnelAddress22']]).toEqual([
      byInside.get('169.254.100.0/30'),
      byInside.get('169.254.100.12/30'),
    ]);
    expect(outputs['ResolverAddresses']).toMatch(/^10\.32\.\d+\.\d+,10\.32\.\d+\.\d+$/);
    const keys = live.map(({ PreSharedKey = '' }) => PreSharedKey);
    expect(new Set(keys.filter((each) => /^[A-Za-z][A-Za-z0-9]{47}$/.test(each))).size).toBe(4);
    const everything = [...told, operator.kept(), JSON.stringify([...realm().resources.values()])].join('\n');
    expect(keys.filter((each) => everything.includes(each))).toEqual([]);
  });

  it('changes nothing the second time, nor after another key of one tunnel', async () => {
    expect((await tandem('deploy', LINK, '--yes')).out).toBe(`${LINK} unchanged\n`);
    const [one] = await tunnels();
    const of = { VpnConnectionId: one?.VpnConnectionId, VpnTunnelOutsideIpAddress: one?.OutsideIpAddress };
    await ec2.send(new ModifyVpnTunnelOptionsCommand({ ...of, TunnelOptions: { PreSharedKey: 'another.key_of.it' } }));
    expect((await tandem('deploy', LINK, '--yes')).out).toBe(`${LINK} unchanged\n`);
    expect((await tunnels())[0]?.PreSharedKey).toBe('another.key_of.it');
  });

  it('gives tunnels that carry traffic another time-out in place, and replaces nothing', async () => {
    const before = await tunnels();
    for (const { OutsideIpAddress = '' } of before) setTunnel(realm(), OutsideIpAddress, { up: true, routes: 3 });
    operator.edit('config/links/rehearsal.yaml', (text) =>
      text.replace('/28 }\nnames', '/28, dpdTimeoutSeconds: 60 }\nnames'),
    );
    const { code, log } = await tandem('deploy', LINK, '--yes');
    expect(code, log).toBe(0);
    expect(log).toContain('0 to replace');
    const after = await tunnels();
    expect(after.map(({ DpdTimeoutSeconds, Status }) => [DpdTimeoutSeconds, Status])).toEqual(
      Array(4).fill([60, 'UP']),
    );
    expect(after.map(({ OutsideIpAddress }) => OutsideIpAddress)).toEqual(
      before.map(({ OutsideIpAddress }) => OutsideIpAddress),
    );
  });

  it('goes, and leaves nothing but its network', async () => {
    const { code, log } = await tandem('destroy', LINK, '--yes');
    expect(code, log).toBe(0);
    const types = [
      'VPNConnection',
      'VPNGateway',
      'CustomerGateway',
      'VPNGatewayRoutePropagation',
      'VPCGatewayAttachment',
    ];
    expect(types.flatMap((type) => realm().ofType(`AWS::EC2::${type}`))).toEqual([]);
    expect(
      ['Route53::HostedZone', 'Route53Resolver::ResolverEndpoint'].flatMap((type) => realm().ofType(`AWS::${type}`)),
    ).toEqual([]);
    expect([...secretsOf(realm()).keys()]).toEqual([]);
    expect(realm().ofType('AWS::EC2::VPC')).toHaveLength(1);
  });
});

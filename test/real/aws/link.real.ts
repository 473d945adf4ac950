import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { AutoScalingClient, DescribeAutoScalingGroupsCommand } from '@aws-sdk/client-auto-scaling';
import {
  DescribeInstancesCommand,
  DescribeVpnConnectionsCommand,
  EC2Client,
  ModifyVpnTunnelOptionsCommand,
} from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AwsEndpoint, labCredentials, startAwsEndpoint } from '../../../lab/aws/index.ts';
import { secretsOf } from '../../../lab/aws/secretsmanager/store.ts';
import { parameterStore } from '../../../lab/aws/ssm/store.ts';
import { setTunnel } from '../../../lab/aws/vpn/store.ts';
import { StackId } from '../../../lib/stack/id.ts';
import { digestOf } from '../../../lib/stack/synthesized.ts';
import { localRecords } from '../../../lib/state/local-records.ts';
import { type AwsOperator, createBootstrap, createDeployRole, openOperator, publishConsul } from './operator.ts';

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
discovery: {}
`;

const CLOUDS = `clouds:
  lab:
    auth: { auth_url: "http://127.0.0.1:5000/v3", username: admin, password: none, project_name: admin, user_domain_name: Default, project_domain_name: Default }
`;

const DISCOVERY = '/tandem/acme-staging/discovery';

type Secrets = Readonly<Record<string, string>>;

interface Mirror {
  readonly url: string;
  /** What it gives for every path. @default - nothing */
  content: string | undefined;
  close(): Promise<void>;
}

async function startMirror(): Promise<Mirror> {
  const mirror = { url: '', content: undefined as string | undefined, close: () => Promise.resolve() };
  const server = createServer((_, answer) =>
    answer.writeHead(mirror.content === undefined ? 404 : 200).end(mirror.content),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  mirror.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  mirror.close = promisify(server.close.bind(server));
  return mirror;
}

/** The AWS side of a link in the hands of `tandem`, with addresses of gateways as Terraform's state tells them; each test goes on from where the last one ended. */
describe('the AWS side of a link', () => {
  let endpoint: AwsEndpoint;
  let operator: AwsOperator;
  let ec2: EC2Client;
  let autoScaling: AutoScalingClient;
  let mirror: Mirror;
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
  const parameter = (name: string): string => parameterStore(realm()).get(`${DISCOVERY}/${name}`)?.value ?? '';
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
    const config = { endpoint: endpoint.url, region: REGION, credentials: labCredentials(ACCOUNT) };
    ec2 = new EC2Client(config);
    autoScaling = new AutoScalingClient(config);
    mirror = await startMirror();
    put('config/links/rehearsal.yaml', REHEARSAL);
    put('clouds.yaml', CLOUDS);
    operator.edit('config/clouds/lab.yaml', (text) =>
      text
        .replace(/clientConfig: .*/, 'clientConfig: clouds.yaml')
        .replace(/terraform:\n {2}cliConfig: .*\n/, '')
        .replace(/^dns:/m, `mirrors: { hashicorp: ${mirror.url} }\n$&`),
    );
    await createDeployRole(endpoint.url, ACCOUNT, REGION);
    await createBootstrap(endpoint.url, ACCOUNT, REGION);
  });
  afterAll(async () => {
    await mirror.close();
    await endpoint.close();
    operator.remove();
  });

  it('waits for the addresses of gateways', async () => {
    const { log } = await tandem('deploy', 'aws/staging/network', LINK, '--yes');
    expect(log).toContain(`it takes addresses of the gateways from ${ADDRESSES}`);
    expect(realm().ofType('AWS::EC2::VPC')).toHaveLength(1);
    expect(realm().ofType('AWS::EC2::VPNConnection')).toEqual([]);
  });

  it('is not begun without Consul, which it says where to put', async () => {
    await giveAddresses();
    const deploy = () => operator.tandem('deploy', LINK, '--yes');
    const { code, log } = await deploy();
    expect(code).not.toBe(0);
    expect(log).toContain(
      `${mirror.url}/consul/1.14.4/consul_1.14.4_linux_amd64.zip could not be fetched: the answer was 404`,
    );
    expect(log).toMatch(/put that file there as \.tandem\/artefacts\/eafb7c85[0-9a-f]{56}\.zip/);
    mirror.content = 'not Consul';
    expect((await deploy()).log).toContain('is not what was expected: its SHA-256 is');
    expect(realm().ofType('AWS::EC2::VPNConnection')).toEqual([]);
    await publishConsul(endpoint.url, ACCOUNT, REGION);
  });

  it('is made with them and with keys that nothing tells, and gives its own addresses', async () => {
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

  it('has servers of Consul, each with an address that outlives it, and what they need in parameters that nothing tells', async () => {
    const addresses = realm()
      .ofType('AWS::EC2::NetworkInterface')
      .map(({ attributes }) => attributes['PrimaryPrivateIpAddress'] as string);
    expect(new Set(addresses).size).toBe(3);
    const { AutoScalingGroups = [] } = await autoScaling.send(new DescribeAutoScalingGroupsCommand({}));
    const servers = AutoScalingGroups.filter(({ Tags = [] }) =>
      Tags.some(({ Value = '' }) => /-consul-\d$/.test(Value)),
    );
    const ids = servers.flatMap(({ Instances = [] }) => Instances.map(({ InstanceId = '' }) => InstanceId));
    const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({ InstanceIds: ids }));
    const live = Reservations.flatMap(({ Instances = [] }) => Instances);
    expect(live.map(({ PrivateIpAddress }) => PrivateIpAddress).sort()).toEqual(addresses.sort());
    expect(new Set(live.map(({ Placement }) => Placement?.AvailabilityZone)).size).toBe(3);
    const settings = JSON.parse(parameter('server')) as {
      servers: string[];
      secrets: string;
      files: { content: string }[];
    };
    expect([...settings.servers].sort()).toEqual(addresses.sort());
    const text = settings.files.map(({ content }) => content).join('');
    expect(text).toContain(`retry_join_wan = ["10.202.0.9","10.202.0.10","10.202.0.11"]`);
    expect(text).toContain(`datacenter = "staging"`);
    const [server, client] = ['server-secrets', 'client-secrets'].map((name) => JSON.parse(parameter(name)) as Secrets);
    expect(parameterStore(realm()).get(`${DISCOVERY}/server-secrets`)?.type).toBe('SecureString');
    expect(settings.secrets).toBe(`${DISCOVERY}/server-secrets`);
    expect(client?.['gossip-key']).toBe(server?.['gossip-key']);
    expect(client?.['tls.authority']).toBe(server?.['tls.authority']);
    expect(new X509Certificate(server?.['tls.certificate'] ?? '').subjectAltName).toContain('server.staging.consul');
    expect(new X509Certificate(client?.['tls.certificate'] ?? '').subjectAltName).toBe('DNS:client.staging.consul');
    const everything = [...told, operator.kept(), JSON.stringify([...realm().resources.values()])].join('\n');
    for (const each of [server, client])
      for (const value of [each?.['gossip-key'], each?.['tls.key']?.split('\n')[1]]) {
        expect(value?.length).toBeGreaterThan(30);
        expect(everything).not.toContain(value);
      }
  });

  it('writes what was lost again, at a deploy that changes nothing else', async () => {
    const before = parameter('server-secrets');
    const run = async () => await tandem('deploy', LINK, '--yes');
    expect((await run()).out).toBe(`${LINK} unchanged\n`);
    expect(parameter('server-secrets')).toBe(before);
    parameterStore(realm()).delete(`${DISCOVERY}/server-secrets`);
    expect((await run()).out).toBe(`${LINK} unchanged\n`);
    expect(parameter('server-secrets')).toBe(before);
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
    expect(realm().ofType('AWS::EC2::NetworkInterface')).toEqual([]);
    expect([...parameterStore(realm()).keys()].filter((name) => name.startsWith(DISCOVERY))).toEqual([]);
    expect(realm().ofType('AWS::EC2::VPC')).toHaveLength(1);
  });
});

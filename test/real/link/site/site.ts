import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type AwsEndpoint, startAwsEndpoint } from '../../../../lab/aws/index.ts';
import { text } from '../../../../lab/aws/json.ts';
import { setTunnel, type VpnTunnel, vpnConnections } from '../../../../lab/aws/vpn/store.ts';
import { LinkBench } from '../../../../lab/link/bench.ts';
import { FLOATING, outsideOf } from '../../../../lab/link/settings.ts';
import { must } from '../../../../lab/servers/run.ts';
import { loadAndCheck } from '../../../../lib/config/check.ts';
import { directoryFiles } from '../../../../lib/config/files.ts';
import { tunnelsOf } from '../../../../lib/config/link/tunnels.ts';
import { chooseLink, type LinkAndSides } from '../../../../lib/link/choose.ts';
import { bedSettings } from '../../../../lib/link/drill/bed-settings.ts';
import { accessMetadata, accessScript } from '../../../../lib/openstack/user-data.ts';
import { StackId } from '../../../../lib/stack/id.ts';
import { digestOf } from '../../../../lib/stack/synthesized.ts';
import { localRecords } from '../../../../lib/state/local-records.ts';
import { stacksOf } from '../../../../lib/synthesis/catalogue.ts';
import { synthesize } from '../../../../lib/synthesis/synthesize.ts';
import { type FakeVault, startFakeVault } from '../../../lib/secrets/fake-vault.ts';
import { type AwsOperator, createBootstrap, createDeployRole, openOperator } from '../../aws/operator.ts';
import { type CloudServer, type GatewayCloud, startGatewayCloud } from './cloud.ts';
import { relay } from './relay.ts';

const ACCOUNT = '222233334444';
const REGION = 'eu-west-3';
const CONNECTIONS = StackId.awsLink('staging');
/** Where the operator comes from: a source of the cloud (RFC 5737). */
const OFFICE = '192.0.2.10';
const GATEWAYS = [1, 2] as const;
/** Of Debian's images: a user who may become root, and sshd. */
const AS_AN_IMAGE = `
apt-get -q update
DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends install openssh-server sudo
useradd --create-home --shell /bin/bash debian
echo 'debian ALL=(ALL) NOPASSWD:ALL' >/etc/sudoers.d/debian
`;

/** A link whose gateways run on this machine, whose AWS is the emulator, and whose operator has nothing but `tandem` and ssh. */
export interface LinkSite {
  readonly bench: LinkBench;
  readonly operator: AwsOperator;
  readonly servers: readonly CloudServer[];
  /** Pre-shared keys as AWS's end points have them, by tunnel: `1-2`. */
  keys(): Readonly<Record<string, string>>;
  /** Whose key the operator has: the one that gateways let in, or another. */
  useKey(which: 'own' | 'other'): void;
  close(): Promise<void>;
}

export async function openLinkSite(): Promise<LinkSite> {
  const site = new Site();
  try {
    await site.open();
  } catch (error) {
    await site.close();
    throw error;
  }
  return site;
}

class Site implements LinkSite {
  readonly servers: CloudServer[] = GATEWAYS.map((gateway) => ({
    ...{ id: `0000000${gateway}-0000-4000-8000-000000000000`, name: `link-rehearsal-gateway-${gateway}` },
    ...{ metadata: {}, console: '' },
  }));
  bench!: LinkBench;
  operator!: AwsOperator;
  readonly #folder = mkdtempSync(join(tmpdir(), 'tandem-link-site-'));
  #checkout!: AwsOperator;
  #aws!: AwsEndpoint;
  #vault!: FakeVault;
  #cloud!: GatewayCloud;
  #link: LinkAndSides | undefined;
  #isOpen = true;
  #imitation: Promise<void> = Promise.resolve();
  readonly #closings: (() => Promise<void> | void)[] = [];

  async open(): Promise<void> {
    this.#closings.push(() => rmSync(this.#folder, { recursive: true }));
    await this.#openClouds();
    await this.#deployAws();
    await this.#comeUp();
    await this.#record();
    this.#imitation = this.#imitate();
    await this.bench.settled();
  }

  /** The emulator, Keystone and Nova, a Vault, and a checkout that knows them. */
  async #openClouds(): Promise<void> {
    this.#aws = await startAwsEndpoint({ stepMilliseconds: 25 });
    this.#closings.push(() => this.#aws.close());
    this.#vault = await startFakeVault();
    this.#closings.push(() => this.#vault.close());
    this.#cloud = await startGatewayCloud(this.servers, ({ name, metadata }) =>
      this.bench.tell(Number(name.at(-1)), metadata),
    );
    this.#closings.push(() => this.#cloud.close());
    this.#checkout = openOperator(this.#aws.url, ACCOUNT, REGION);
    this.#closings.push(() => this.#checkout.remove());
    for (const which of ['own', 'other'])
      await must(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', join(this.#folder, which)]);
    const key = readFileSync(join(this.#folder, 'own.pub'), 'utf8').trim();
    this.#put('config/links/rehearsal.yaml', linkFile(key));
    const auth = `{ auth_url: "${this.#cloud.authUrl}", username: admin, password: none, project_name: admin, user_domain_name: Default, project_domain_name: Default }`;
    this.#put('clouds.yaml', `clouds:\n  lab: { auth: ${auth}, region_name: RegionOne }\n`);
    this.#checkout.edit('config/clouds/lab.yaml', (text) =>
      text
        .replace(/authUrl: .*/, `authUrl: ${this.#cloud.authUrl}`)
        .replace(/clientConfig: .*/, 'clientConfig: clouds.yaml')
        .replace(/terraform:\n {2}cliConfig: .*\n/, '')
        .replace(/bootSecrets: .*/, `bootSecrets: { service: vault, url: "${this.#vault.url}" }`),
    );
    const { PATH = '' } = process.env;
    this.operator = this.#checkout.as({ PATH: `${this.#folder}/bin:${PATH}`, VAULT_TOKEN: this.#vault.token });
  }

  /** The AWS side, which makes the keys. Its tunnels' addresses are those that end points of the bed have. */
  async #deployAws(): Promise<void> {
    await createDeployRole(this.#aws.url, ACCOUNT, REGION);
    await createBootstrap(this.#aws.url, ACCOUNT, REGION);
    await this.#keep(StackId.linkAddresses('lab'), {
      gateway_1_address: FLOATING[0],
      gateway_2_address: FLOATING[1],
    });
    await this.operator.ok('deploy', StackId.network('staging'), CONNECTIONS, '--yes');
    for (const { end, tunnel } of this.#tunnels())
      Object.assign(tunnel, { outsideAddress: outsideOf(Number(end[0]), Number(end[1])) });
  }

  async #comeUp(): Promise<void> {
    const chosen = this.#chosen();
    const keys = this.keys();
    const inOrder = tunnelsOf(chosen.link.name, chosen.link.value).map(({ id }) => keys[id] ?? '');
    const settings = await bedSettings(chosen, { floating: FLOATING, outsideOf }, () => inOrder.shift() ?? '');
    const access = accessMetadata(chosen.link.value.gateways.sshKeys);
    const gateways = settings.gateways.map((each) => ({ ...each, metadata: { ...each.metadata, ...access } }));
    const [first, second] = gateways;
    if (first === undefined || second === undefined) throw new Error('a link has two gateways');
    const installScript = settings.installScript + AS_AN_IMAGE;
    this.bench = await LinkBench.up({ ...settings, installScript, gateways: [first, second] });
    this.#closings.push(() => this.bench.down());
    await this.#reachGateways(gateways.map(({ address }) => address));
    for (const gateway of GATEWAYS) {
      const server = this.servers[gateway - 1];
      if (server === undefined) continue;
      server.metadata = gateways[gateway - 1]?.metadata ?? {};
      await this.bench.exec(gateway, ['sh', '-euc', accessScript('debian')]);
      // cloud-init makes them at the first start, and prints them.
      const fresh =
        'rm -f /etc/ssh/ssh_host_*; ssh-keygen -A >/dev/null; systemctl restart ssh; cat /etc/ssh/*_key.pub';
      const { stdout } = await this.bench.exec(gateway, ['sh', '-euc', fresh]);
      server.console = `-----BEGIN SSH HOST KEY KEYS-----\n${stdout}-----END SSH HOST KEY KEYS-----\n`;
      this.#closings.push(await relay(this.bench.room(`gateway-${gateway}`), this.#vault.url));
    }
  }

  /** The operator's ssh goes by the router of the link, which translates floating addresses as Neutron's do. */
  async #reachGateways(addresses: readonly string[]): Promise<void> {
    const router = this.bench.room('router');
    const pairs = addresses.map((address, at) => `ip daddr ${FLOATING[at] ?? ''} dnat to ${address}`);
    const table = `table ip floating {\n chain out { type nat hook output priority -100; ${pairs.join('; ')}; }\n}\n`;
    await must(['ip', '-n', router, 'address', 'add', `${OFFICE}/32`, 'dev', 'lo']);
    for (const each of FLOATING) await must(['ip', '-n', router, 'route', 'add', each, 'dev', 'lan']);
    const { code, stderr } = await this.bench.exec(1, ['nft', table], { network: router });
    if (code !== 0) throw new Error(stderr);
    this.useKey('own');
  }

  useKey(which: 'own' | 'other'): void {
    const network = `nsenter --net=/run/netns/${this.bench.room('router')}`;
    const key = `-b ${OFFICE} -o IdentitiesOnly=yes -i ${join(this.#folder, which)}`;
    const program = `#!/bin/sh\nexec ${network} /usr/bin/ssh ${key} "$@"\n`;
    mkdirSync(join(this.#folder, 'bin'), { recursive: true });
    writeFileSync(join(this.#folder, 'bin/ssh'), program, { mode: 0o755 });
  }

  /** The gateways as a deploy leaves them: what they need, and which servers they are. */
  async #record(): Promise<void> {
    const id = StackId.link('lab');
    const [made] = await synthesize(stacksOf(this.#project()), { only: new Set([id]) });
    const needs = (JSON.parse(made?.text ?? '{}') as { '//'?: { bootSecrets?: object } })['//']?.bootSecrets ?? {};
    const ids = Object.fromEntries(this.servers.map((server, at) => [`gateway_${at + 1}_server`, server.id]));
    await this.#keep(id, ids, { bootSecrets: needs });
  }

  async #keep(stack: StackId, outputs: Readonly<Record<string, string>>, more: object = {}): Promise<void> {
    const path = join(this.operator.root, '.tandem/state', `${stack}.tfstate`);
    const each = (make: (value: string) => object) =>
      Object.fromEntries(Object.entries(outputs).map(([name, value]) => [name, make(value)]));
    const artefact = JSON.stringify({
      '//': more,
      terraform: { backend: { local: { path } } },
      output: each((value) => ({ value })),
    });
    const state = { version: 4, terraform_version: '1.11.4', serial: 1, lineage: 'test', resources: [] };
    const content = JSON.stringify({ ...state, outputs: each((value) => ({ value, type: 'string' })) });
    this.#put(`.tandem/state/${stack}.tfstate`, content);
    await localRecords(this.operator.root).write({
      ...{ format: 'tandem.record/1', stack, engine: 'terraform', artefact, digest: digestOf(artefact) },
      ...{ commit: '', files: [], at: new Date().toISOString(), by: 'ops@host' },
    });
  }

  /** End points of the bed follow the emulator's keys, and the emulator tells what the bed's router sees. */
  async #imitate(): Promise<void> {
    const had = this.keys();
    while (this.#isOpen) {
      for (const [id, key] of Object.entries(this.keys())) {
        if (had[id] === key) continue;
        await this.bench.giveEnd(id.replace('-', ''), key);
        Object.assign(had, { [id]: key });
      }
      const accepted = await this.bench.accepted();
      for (const { end, tunnel } of this.#tunnels())
        setTunnel(this.#realm(), tunnel.outsideAddress, { up: accepted.has(end), routes: accepted.get(end) ?? 0 });
      await this.bench.sleep(0.2);
    }
  }

  keys(): Record<string, string> {
    return Object.fromEntries(
      this.#tunnels().map(({ end, tunnel }) => [end.split('').join('-'), text(tunnel.options['PreSharedKey']) ?? '']),
    );
  }

  /** Tunnels of the emulator with their ends in the bed: by the inside range, as both sides know them. */
  #tunnels(): readonly { readonly end: string; readonly tunnel: VpnTunnel }[] {
    const { link } = this.#chosen();
    const ends = new Map(tunnelsOf(link.name, link.value).map(({ id, inside }) => [inside, id.replace('-', '')]));
    return [...vpnConnections(this.#realm()).values()].flatMap(({ tunnels }) =>
      tunnels.map((tunnel) => ({ tunnel, end: ends.get(text(tunnel.options['TunnelInsideCidr']) ?? '') ?? '' })),
    );
  }

  #chosen(): LinkAndSides {
    return (this.#link ??= chooseLink(this.#project()));
  }

  #project() {
    const { project, problems } = loadAndCheck(directoryFiles(this.operator.root), new Date());
    if (project === undefined) throw new Error(JSON.stringify(problems));
    return project;
  }

  #realm() {
    return this.#aws.state.realm(ACCOUNT, REGION);
  }

  #put(file: string, text: string): void {
    const path = join(this.#checkout.root, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text, { mode: 0o600 });
  }

  async close(): Promise<void> {
    this.#isOpen = false;
    await this.#imitation;
    for (const close of this.#closings.toReversed()) await close();
  }
}

function linkFile(sshKey: string): string {
  return `cloud: lab
environment: staging
network: 10.202.0.0/28
gateways: { image: debian-12, flavor: small, zones: [rack-a, rack-b], sshKeys: ["${sshKey}"], sshFrom: [office] }
tunnels: { inside: 169.254.100.0/28 }
names: { zone: staging.aws.acme.example.org }
`;
}

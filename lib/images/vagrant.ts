import { bringUpMetadata, type PeerServer } from '../bring-up/metadata.ts';
import { CONFIGURATION_PATH, STATE_PATH } from '../bring-up/program.ts';
import { inputsOf, type TierSoftware } from '../bring-up/tier-software.ts';
import { bringUpUserData } from '../bring-up/user-data.ts';
import type { Entity, Project } from '../config/project.ts';
import type { Blueprint } from '../config/schema/blueprint.ts';
import type { Cloud } from '../config/schema/cloud.ts';
import { serverNameOf } from '../config/server-name.ts';
import { softwareOf } from './image.ts';
import { madeSecrets, ownSecrets } from './vagrant-secrets.ts';

export interface VagrantOptions {
  /** Machines of a tier at most. */
  readonly servers: number;
  /** Memory of a machine at most, in MiB; components size themselves by it. */
  readonly memoryMiB: number;
}

export interface Vagrantfile {
  readonly text: string;
  /** By name, with their address. */
  readonly machines: readonly { readonly name: string; readonly address: string }[];
  /** What the components have against so few and so small machines. */
  readonly findings: readonly string[];
}

/** Of the environment's servers. */
const ENVIRONMENT = 'laptop';
/** VirtualBox lets machines have addresses of this range without being asked: 192.168.56.0/21. */
const NETWORK = '192.168.56';
const FIRST = 10;

/**
 * A blueprint on one developer's laptop: the same user data as on the cloud, and metadata in a file. Load balancers and volumes are the
 * cloud's, so there are none. The same bytes for the same blueprint.
 */
export function vagrantfile(
  project: Pick<Project, 'components'>,
  blueprint: Entity<Blueprint>,
  cloud: Entity<Cloud>,
  options: VagrantOptions,
): Vagrantfile {
  const { tiers, software } = softwareOf(project, blueprint, cloud, ENVIRONMENT, (demand) => ({
    ...demand,
    count: Math.min(demand.count, options.servers),
    ...(demand.flavor === undefined
      ? {}
      : { flavor: { ...demand.flavor, memoryMiB: Math.min(demand.flavor.memoryMiB, options.memoryMiB) } }),
  }));
  let next = FIRST;
  const servers: Record<string, readonly PeerServer[]> = {};
  for (const { name, count } of tiers)
    servers[name] = Array.from({ length: count }, (_, at) => ({
      name: serverNameOf(ENVIRONMENT, name, at + 1),
      address: `${NETWORK}.${next++}`,
    }));
  const running = [...software]
    .map(([tier, own]) => ({ tier, own, known: servers[tier] ?? [] }))
    .filter(({ known }) => known.length > 0);
  const machines = running.flatMap(({ own, known }) =>
    known.map((server, at) => machine(own, server, at + 1, servers)),
  );
  return {
    text: [
      head(blueprint.name),
      madeSecrets(running.map(({ own }) => own)),
      ...running.map(({ tier, own }) => `${constant(tier)} = ${heredoc(bringUpUserData(own))}\n`),
      `Vagrant.configure("2") do |config|\n  config.vm.box = "debian/bookworm64"\n${machines.join('')}end\n`,
    ].join('\n'),
    machines: running.flatMap(({ known }) => known),
    findings: running.flatMap(({ tier, own }) => findingsOf(tier, own, options.memoryMiB)),
  };
}

function head(blueprint: string): string {
  return `# Written by \`tandem image vagrant ${blueprint}\`: change the blueprint, and write it anew.
require "fileutils"
require "json"
require "securerandom"
`;
}

function machine(
  software: TierSoftware,
  server: PeerServer,
  index: number,
  servers: Readonly<Record<string, readonly PeerServer[]>>,
): string {
  const { tier, flavor, zones } = software.inputs;
  const meta = bringUpMetadata(software, { index, name: server.name, volumes: {}, servers });
  const metadata = { uuid: server.name, name: server.name, availability_zone: zones[0] ?? 'nova', meta };
  return `
  config.vm.define "${tier}-${index}" do |server|
    server.vm.hostname = "${server.name}"
    server.vm.network "private_network", ip: "${server.address}"
    %w[virtualbox libvirt].each do |name|
      server.vm.provider name do |provider|
        provider.cpus = ${flavor.vcpus}
        provider.memory = ${flavor.memoryMiB}
      end
    end
    server.vm.provision "shell", name: "who it is", sensitive: true, env: { "SECRETS" => JSON.generate(${ownSecrets(software)}) }, inline: ${heredoc(told(JSON.stringify(metadata, null, 1)))}
    server.vm.provision "shell", name: "what it runs", inline: ${constant(tier)}
  end
`;
}

/** In place of the metadata service and of the one for secrets. */
function told(metadata: string): string {
  return `set -eu
umask 077
mkdir -p ${CONFIGURATION_PATH} ${STATE_PATH}
cat >${CONFIGURATION_PATH}/metadata.json <<'END'
${metadata}
END
python3 - <<'END'
import json, os
for path, text in json.loads(os.environ["SECRETS"]).items():
    path = os.path.join("${STATE_PATH}/secrets", path)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        file.write(text)
END
`;
}

/** A text of Ruby in which nothing is evaluated. */
function heredoc(text: string): string {
  let end = 'TEXT';
  while (text.split('\n').includes(end)) end = `${end}_TEXT`;
  return `<<'${end}'\n${text.replace(/\n?$/, '\n')}${end}`;
}

/** `profile-cache` is `PROFILE_CACHE`: names of tiers begin with a letter. */
function constant(tier: string): string {
  return `TIER_${tier.replaceAll('-', '_').toUpperCase()}`;
}

function findingsOf(tier: string, software: TierSoftware, memoryMiB: number): readonly string[] {
  return software.runs.flatMap(({ component, settings }) =>
    (component.check?.(inputsOf(software, settings)) ?? []).map(
      // Its own advice is a larger flavor, which is nothing here.
      ({ message }) =>
        `on a machine of at most ${memoryMiB} MiB: ${tier}: ${component.name}: ${message}; a larger --memory gives it more`,
    ),
  );
}

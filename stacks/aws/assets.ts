import { basename, join } from 'node:path';
import type { Architecture } from '../../lib/aws-model/ec2/type-names.ts';
import { CONSUL_VERSION, consulArtefact } from '../../lib/components/consul/install.ts';

// What stacks publish, without the CDK, which takes long to load: whoever deploys or simulates needs the names alone.

const CODE = join(import.meta.dirname, '../..');

/** The same as seen from the `cdk.out` of a project: of this checkout, or of one that has Tandem installed. */
const FROM_CDK_OUT = basename(CODE) === 'dist' ? '../node_modules/tandem/dist' : '..';

const AGENT = 'packages/worker-agent/dist/worker-agent.mjs';
const SCALER = 'packages/fleet-scaler/dist';

/** The bundle that `packages/worker-agent` builds. */
export const AGENT_FILE: string = join(CODE, AGENT);
export const AGENT_PATH: string = `${FROM_CDK_OUT}/${AGENT}`;

/** The version that the bundle has; another one could not be published from here. A test compares it with the package. */
export const AGENT_VERSION = '0.3.0';

/** Of the bundle of that version, whatever is built here: instances run nothing else. */
export const AGENT_SHA256 = 'ce71e2a2e50ac3abaa3a300c72b061c1db841feaf08f6d72d504ff7eeffbdfd2';

/** What decides: the archive holds this file, and the simulator runs it. */
export const SCALER_BUNDLE: string = join(CODE, SCALER, 'fleet-scaler.mjs');

/** The archive that `packages/fleet-scaler` makes of its bundle, as AWS Lambda takes it. */
export const SCALER_FILE: string = join(CODE, SCALER, 'fleet-scaler.zip');
export const SCALER_PATH: string = `${FROM_CDK_OUT}/${SCALER}/fleet-scaler.zip`;

/** The version that the archive has; another one could not be published from here. A test compares it with the package. */
export const SCALER_VERSION = '0.2.0';

/** Where `tandem program pack` puts an archive, as seen from the `cdk.out` of the project. */
const PROGRAMS = '../.tandem/programs/';

export function programPath(sha256: string): string {
  return `${PROGRAMS}${sha256}.tar`;
}

/** The digest of the archive that an asset's path means; undefined for other assets. */
export function digestOfArchive(path: string | undefined): string | undefined {
  return path?.startsWith(PROGRAMS) === true ? path.slice(PROGRAMS.length).replace(/\.tar$/, '') : undefined;
}

/** Consul for a processor: its archive, where a deployment puts it, and its key among the assets. */
export function consulAsset(architecture: Architecture) {
  const machine = architecture === 'arm64' ? 'arm64' : 'amd64';
  const artefact = consulArtefact(machine);
  const path = `../.tandem/artefacts/${artefact.sha256}.zip`;
  return { artefact, path, key: `tandem-consul-${CONSUL_VERSION}-${machine}` };
}

/** For each processor. */
export function consulArtefacts(): readonly ReturnType<typeof consulArtefact>[] {
  return (['x86_64', 'arm64'] as const).map((each) => consulAsset(each).artefact);
}

/** The artefact that an asset's path means; undefined for other assets. */
export function artefactOfArchive(path: string | undefined): ReturnType<typeof consulArtefact> | undefined {
  return (['x86_64', 'arm64'] as const).map(consulAsset).find((each) => each.path === path)?.artefact;
}

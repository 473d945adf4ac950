import { FileAssetPackaging, type Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import type { ConsulArchive } from '../../lib/aws/consul-access.ts';
import { CONSUL_VERSION, consulArtefact } from '../../lib/components/consul/install.ts';

type Architecture = 'arm64' | 'x86_64';

/** Where a deployment puts archives that it fetched, as seen from the `cdk.out` of a project. */
const ARCHIVES = '../.tandem/artefacts/';

/** As Consul's makers call processors. */
function machineOf(architecture: Architecture): 'amd64' | 'arm64' {
  return architecture === 'arm64' ? 'arm64' : 'amd64';
}

function keyOf(architecture: Architecture): string {
  return `tandem-consul-${CONSUL_VERSION}-${machineOf(architecture)}`;
}

/** The archive in a bucket of assets, where the stack of the link publishes it. */
export function consulArchiveIn(bucket: ConsulArchive['bucket'], architecture: Architecture): ConsulArchive {
  const { sha256 } = consulArtefact(machineOf(architecture));
  return { bucket, objectKey: `${keyOf(architecture)}.zip`, sha256 };
}

/**
 * Consul as an asset, published before the stack is deployed. Like a worker's program it is known by what the code says: the artefact does not
 * depend on whether it was fetched.
 */
export function consulArchives<Role extends string>(
  stack: Stack,
  architectures: Readonly<Record<Role, Architecture>>,
): Readonly<Record<Role, ConsulArchive>> {
  const bucket = (name: string) => stack.node.tryFindChild('Assets') ?? Bucket.fromBucketName(stack, 'Assets', name);
  const all = Object.entries<Architecture>(architectures).map(([role, architecture]) => {
    const { bucketName } = stack.synthesizer.addFileAsset({
      sourceHash: keyOf(architecture),
      fileName: `${ARCHIVES}${consulArtefact(machineOf(architecture)).sha256}.zip`,
      packaging: FileAssetPackaging.FILE,
      displayName: `Consul ${CONSUL_VERSION} for ${architecture}`,
    });
    return [role, consulArchiveIn(bucket(bucketName) as ConsulArchive['bucket'], architecture)] as const;
  });
  return Object.fromEntries(all) as Readonly<Record<Role, ConsulArchive>>;
}

/** The artefact that an asset's path means; undefined for other assets. */
export function artefactOfArchive(path: string | undefined): ReturnType<typeof consulArtefact> | undefined {
  return consulArtefacts().find(({ sha256 }) => path === `${ARCHIVES}${sha256}.zip`);
}

/** For each processor. */
export function consulArtefacts(): readonly ReturnType<typeof consulArtefact>[] {
  return (['amd64', 'arm64'] as const).map((machine) => consulArtefact(machine));
}

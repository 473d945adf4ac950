import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { addRole } from '../../../lab/aws/iam/store.ts';
import { type AwsEndpoint, labCredentials, startAwsEndpoint } from '../../../lab/aws/index.ts';
import { type Bucket, newBucket } from '../../../lab/aws/s3/store.ts';
import { programKey } from '../../../lib/aws/worker-program.ts';
import { environmentSchema } from '../../../lib/config/schema/environment.ts';
import { type AssetSource, publishAssets } from '../../../lib/engines/cloudformation/assets.ts';
import { packProgram } from '../../../lib/programs/pack.ts';
import { digestOfArchive } from '../../../stacks/aws/assets.ts';
import { ClusterStack } from '../../../stacks/aws/cluster-stack.ts';
import { appWith, environments, inputsOf } from '../../stacks/aws/environments.ts';

const ACCOUNT = '111122223333';
const REGION = 'eu-west-3';
let root: string;
let endpoint: AwsEndpoint;
let bucket: Bucket;
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'tandem-publish-'));
  endpoint = await startAwsEndpoint();
  process.env['AWS_ENDPOINT_URL'] = endpoint.url;
  bucket = newBucket(endpoint.state, `cdk-hnb659fds-assets-${ACCOUNT}-${REGION}`, ACCOUNT, REGION);
  const name = `cdk-hnb659fds-file-publishing-role-${ACCOUNT}-${REGION}`;
  addRole(endpoint.state.realm(ACCOUNT, REGION), name, '/');
});
afterAll(async () => {
  await endpoint.close();
  rmSync(root, { recursive: true, force: true });
});

function pack(content: string) {
  mkdirSync(join(root, 'programs/analysis'), { recursive: true });
  writeFileSync(join(root, 'programs/analysis/run'), content, { mode: 0o755 });
  return packProgram(root, 'programs/analysis');
}

/** What the stack of a cluster with this program makes: the asset, and what the workers read. */
function synthesized(version: string, sha256: string) {
  const outdir = mkdtempSync(join(root, 'out-'));
  const app = appWith({ outdir, builtinCloudFormationValidation: false });
  const inputs = inputsOf('least');
  const { least } = environments;
  const program = { archive: { path: 'programs/analysis', version, sha256 }, command: ['./run'] };
  const value = environmentSchema.parse({ ...least, cluster: { ...least.cluster, worker: { command: [], program } } });
  new ClusterStack(app, { ...inputs, environment: { ...inputs.environment, value } });
  app.synth();
  const manifest = JSON.parse(
    readFileSync(join(outdir, 'aws-least-cluster.assets.json'), 'utf8'),
  ) as AssetSource['manifest'];
  const template = readFileSync(join(outdir, 'aws-least-cluster.template.json'), 'utf8');
  const [id, asset] = Object.entries(manifest.files ?? {}).find(
    ([, { source }]) => digestOfArchive(source.path) !== undefined,
  )!;
  return { manifest, template, id, asset };
}

async function publish(version: string, packed: { readonly file: string; readonly sha256: string }): Promise<string[]> {
  const { manifest, id, asset } = synthesized(version, packed.sha256);
  const uploaded: string[] = [];
  const credentials = () => Promise.resolve(labCredentials(ACCOUNT));
  const connection = { account: ACCOUNT, region: REGION, partition: 'aws', arn: '', credentials };
  const files = { [id]: { ...asset, source: { ...asset.source, path: packed.file } } };
  await publishAssets(connection, 'aws/least/cluster', { directory: root, manifest: { ...manifest, files } }, (what) =>
    uploaded.push(what),
  );
  return uploaded;
}

it('an archive is an asset at the key that the workers read, with its digest', () => {
  const { sha256 } = pack('one');
  const { template, asset } = synthesized('1.2.0', sha256);
  const key = programKey('acme-least', { path: 'programs/analysis', version: '1.2.0', sha256 });
  expect(key).toBe(`tandem-programs/acme-least/analysis-1.2.0-${sha256.slice(0, 16)}.tar`);
  expect(Object.values(asset.destinations)).toMatchObject([{ objectKey: key }]);
  expect(digestOfArchive(asset.source.path)).toBe(sha256);
  expect(template).toContain(String.raw`\"key\":\"${key}\",\"sha256\":\"${sha256}\"`);
});

it('a version is published once, and never with other content', async () => {
  const first = pack('one');
  expect(await publish('1.2.0', first)).toEqual([expect.stringContaining('analysis-1.2.0-')]);
  const [key] = [...bucket.objects.keys()];
  expect(bucket.objects.get(key!)?.at(-1)?.body.equals(readFileSync(first.file))).toBe(true);
  expect(await publish('1.2.0', first)).toEqual([]);
  const second = pack('two');
  await expect(publish('1.2.0', second)).rejects.toMatchObject({ code: 'program-version-taken' });
  expect([...bucket.objects.keys()]).toEqual([key]);
  // Versions that begin like another one are others.
  expect(await publish('1.2.0-rc', second)).toHaveLength(1);
  expect(await publish('1.2', second)).toHaveLength(1);
});

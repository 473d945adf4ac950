import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  AGENT_FILE,
  AGENT_PATH,
  artefactOfArchive,
  consulArtefacts,
  digestOfArchive,
  SCALER_FILE,
  SCALER_PATH,
} from '../../../stacks/aws/assets.ts';
import { type AwsTarget, targetOf } from '../../aws-api/connection.ts';
import { SOURCES } from '../../bring-up/install.ts';
import { keptCost } from '../../config/aws-cost.ts';
import { loadAndCheck } from '../../config/check.ts';
import { cents } from '../../config/cost.ts';
import { commitFiles } from '../../config/git-files.ts';
import type { Entity, Project } from '../../config/project.ts';
import type { Environment } from '../../config/schema/environment.ts';
import { artefactFile, requireArtefact } from '../../programs/artefact.ts';
import { requireArchive } from '../../programs/require.ts';
import { artefactName, partsOf, type StackId } from '../../stack/id.ts';
import { forgetImports, notedImports } from '../import-note.ts';
import type { EngineAccess } from '../plugin.ts';
import type { ApplyProps } from './apply-stack.ts';
import { assemblyOf } from './assembly.ts';
import type { AssetSource } from './assets.ts';
import { cloudFormationStacks } from './catalogue.ts';
import { type CloudFormationConnection, connectCloudFormation } from './connection.ts';
import { nowhereToDeploy } from './errors.ts';

/** How a project's AWS stacks are reached: as their environments say, each account asked once. */
export function projectAws({ root, project, environment, operator, records, openSecrets }: EngineAccess): ApplyProps {
  const connections = new Map<string, Promise<CloudFormationConnection>>();
  const connectTo = async (stack: StackId): Promise<CloudFormationConnection> => {
    const target = targetIn(project, stack) ?? targetIn(projectAt(root, (await records.read(stack))?.commit), stack);
    if (target === undefined) throw nowhereToDeploy(stack);
    const key = `${target.account} ${target.region} ${target.role ?? ''}`;
    const connection = connections.get(key) ?? connectCloudFormation(target, environment, operator);
    connections.set(key, connection);
    return connection;
  };
  return {
    connect: connectTo,
    settings({ id }) {
      const found = environmentOf(project, id);
      return {
        terminationProtection: found?.value.aws.terminationProtection ?? true,
        tags: {},
        file: found?.file ?? 'its environment',
        zones: found?.value.aws.zones.map((letter) => `${found.value.aws.region}${letter}`) ?? [],
        keptCost: (type, bytes) => {
          const cost = found && keptCost(type, bytes, found.value.aws.region, project.awsPrices?.value);
          return cost === undefined ? undefined : `${cents(cost)} ${project.organisation.value.currency}`;
        },
      };
    },
    assets: (stack) => assetsOf(project, stack.id, environment),
    secrets: openSecrets,
    noted: (stack) => notedImports(root, stack).map(({ to, type, id }) => ({ address: to, type, physicalId: id })),
    forgetNoted: (stack) => {
      forgetImports(root, stack);
    },
  };
}

/** The configuration as it was when a stack was last applied: it tells where one lives that is configured no longer. */
function projectAt(root: string, commit: string | undefined): Project | undefined {
  if (commit === undefined || commit === '') return undefined;
  return loadAndCheck(commitFiles(root, commit), new Date()).project;
}

function environmentOf(project: Project, stack: StackId): Entity<Environment> | undefined {
  return project.environments.get(partsOf(stack).environment ?? '');
}

function targetIn(project: Project | undefined, stack: StackId): AwsTarget | undefined {
  const found = project === undefined ? undefined : environmentOf(project, stack);
  return found === undefined ? undefined : targetOf(found);
}

/** The CDK's list of files, from a synthesis of the stack's unit, and the files: never those of `cdk.out`, which others may have filled. */
async function assetsOf(
  project: Project,
  stack: StackId,
  environment: NodeJS.ProcessEnv,
): Promise<AssetSource | undefined> {
  const definitions = cloudFormationStacks(project);
  const own = definitions.find((each) => each.id === stack);
  if (own === undefined) return undefined;
  const { folder, remove } = await assemblyOf(definitions.filter((each) => each.unit === own.unit));
  try {
    const file = join(folder, `${artefactName(stack)}.assets.json`);
    const manifest = JSON.parse(readFileSync(file, 'utf8')) as AssetSource['manifest'];
    const files = Object.entries(manifest.files ?? {})
      .filter(([, { source }]) => !isTemplate(source.path))
      .map(([id, file]) => [id, withSource(file, sourceOf(project, stack, file.source.path))] as const);
    const fetches = fetchesOf(project, stack, environment);
    return { directory: folder, manifest: { ...manifest, files: Object.fromEntries(files) }, fetches, remove };
  } catch (error) {
    remove();
    throw error;
  }
}

/** Where an asset is that the assembly knows by its place beside a project's `cdk.out`. */
function sourceOf(project: Project, stack: StackId, path: string | undefined): string | undefined {
  // Wherever this code is installed: its bundles are beside it.
  if (path === AGENT_PATH) return AGENT_FILE;
  const artefact = artefactOfArchive(path);
  if (artefact !== undefined && project.root !== undefined) return artefactFile(project.root, artefact);
  if (path === SCALER_PATH) return SCALER_FILE;
  const sha256 = digestOfArchive(path);
  const program = environmentOf(project, stack)?.value.cluster.worker.program?.archive;
  if (sha256 === undefined || program === undefined || project.root === undefined) return path;
  return requireArchive(project.root, program);
}

/** Assets that somebody else made. What the operator's shell says of their mirror goes before the cloud of the link. */
function fetchesOf(
  { root, links, clouds }: Project,
  stack: StackId,
  environment: NodeJS.ProcessEnv,
): NonNullable<AssetSource['fetches']> {
  if (root === undefined) return new Map();
  const link = [...links.values()].find(({ value }) => value.environment === partsOf(stack).environment);
  const { mirrors } = clouds.get(link?.value.cloud ?? '')?.value ?? {};
  return new Map(
    consulArtefacts().map((artefact) => {
      const { from } = artefact;
      const said = environment[`TANDEM_MIRROR_${from.toUpperCase()}`] ?? '';
      const mirror = said === '' ? (mirrors?.[from] ?? SOURCES[from]) : said;
      return [artefactFile(root, artefact), () => requireArtefact(root, artefact, mirror)] as const;
    }),
  );
}

type ManifestFile = NonNullable<AssetSource['manifest']['files']>[string];

function withSource(file: ManifestFile, path: string | undefined): ManifestFile {
  return path === undefined ? file : { ...file, source: { ...file.source, path } };
}

/** CloudFormation has the template already, with the change set. */
function isTemplate(path: string | undefined): boolean {
  return path?.endsWith('.template.json') === true;
}

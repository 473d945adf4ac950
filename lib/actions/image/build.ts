import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Entity, Project } from '../../config/project.ts';
import type { Blueprint } from '../../config/schema/blueprint.ts';
import type { Cloud } from '../../config/schema/cloud.ts';
import { declined } from '../../deploy/errors.ts';
import { noSuchTier } from '../../dev/errors.ts';
import { runLines } from '../../engines/run.ts';
import { onFile } from '../../fs/fault.ts';
import { packerFailed, packerMissing } from '../../images/errors.ts';
import { type Image, imagesOf } from '../../images/image.ts';
import { type Builder, packerFiles } from '../../images/packer.ts';
import { chooseCloud } from '../../private-cloud/topology/choose-cloud.ts';
import { childEnvironment } from '../../processes/child-environment.ts';
import { blueprintNamed, requireProject } from '../configuration.ts';
import { type ActionContext, inform } from '../context.ts';
import type { ResultOf } from '../result-of.ts';
import type { buildSchema } from './schema.ts';

export interface BuildOptions {
  readonly blueprint: string;
  /** @default - every tier that runs components */
  readonly tier?: string | undefined;
  /** @default the organisation's `defaultCloud` */
  readonly cloud?: string | undefined;
  /** @default openstack */
  readonly builder?: Builder | undefined;
  /** Folder. @default `.tandem/images` of the project */
  readonly out?: string | undefined;
  /** Values of the template's variables: `network=ID`. @default - none */
  readonly variables?: readonly string[] | undefined;
  /** @default false */
  readonly writeOnly?: boolean | undefined;
}

export type BuiltImage = ResultOf<typeof buildSchema>['images'][number];

/**
 * Writes a Packer template and its scripts for each image of a blueprint, and builds them after a question.
 * @throws TandemError `no-such-blueprint`, `no-such-tier`, `packer-missing`, `packer-failed`, `declined`
 */
export async function buildImages(context: ActionContext, options: BuildOptions): Promise<{ images: BuiltImage[] }> {
  const project = requireProject(context);
  const cloud = chooseCloud(project, options.cloud);
  const images = chosen(project, blueprintNamed(project, options.blueprint), cloud, options.tier);
  const region = [...project.environments.values()][0]?.value.aws.region ?? 'eu-central-1';
  const shown = options.out ?? join('.tandem', 'images');
  const written = images.map((image) => {
    const folder = join(options.out === undefined ? join(context.root, shown) : resolve(shown), image.name);
    writeFiles(folder, packerFiles(image, cloud, { region }));
    return { image, folder };
  });
  const results = (built: ReadonlyMap<string, Readonly<Record<string, string>>> = new Map()) => ({
    images: images.map(({ name, tier, versionedName, components }) => ({
      ...{ name, tier, image: versionedName, components },
      folder: join(shown, name),
      built: built.get(name) ?? {},
    })),
  });
  if (options.writeOnly === true) return results();
  const packer = new Packer(context, cloud, options.builder ?? 'openstack', options.variables ?? []);
  for (const { image, folder } of written) await packer.run('validate', image, folder);
  const text = `Build ${images.map(({ versionedName }) => versionedName).join(', ')}? Each takes a server for some minutes.`;
  if (!(await context.io.confirm({ code: 'image-build', text }))) throw declined();
  const built = new Map<string, Readonly<Record<string, string>>>();
  for (const { image, folder } of written) {
    await packer.run('build', image, folder);
    built.set(image.name, idsIn(join(folder, 'manifest.json')));
  }
  return results(built);
}

function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  onFile(folder, () => {
    mkdirSync(folder, { recursive: true });
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  });
}

function chosen(
  project: Project,
  blueprint: Entity<Blueprint>,
  cloud: Entity<Cloud>,
  tier: string | undefined,
): readonly Image[] {
  const all = imagesOf(project, blueprint, cloud);
  const images = tier === undefined ? all : all.filter((image) => image.tier === tier);
  if (tier !== undefined && images.length === 0)
    throw noSuchTier(
      tier,
      blueprint.name,
      all.map((image) => image.tier),
    );
  return images;
}

class Packer {
  readonly #context: ActionContext;
  readonly #environment: Readonly<Record<string, string>>;
  readonly #args: readonly string[];

  constructor(context: ActionContext, cloud: Entity<Cloud>, builder: Builder, variables: readonly string[]) {
    this.#context = context;
    const { clientConfig } = cloud.value.endpoint;
    // Credentials of AWS go to the builder that needs them, and to no other.
    const aws =
      builder === 'amazon-ebs' ? Object.entries(context.environment).filter(([name]) => name.startsWith('AWS_')) : [];
    this.#environment = {
      ...childEnvironment('cloud-tool', context.environment),
      ...(Object.fromEntries(aws) as Record<string, string>),
      ...(clientConfig === undefined ? {} : { OS_CLIENT_CONFIG_FILE: resolve(context.root, clientConfig) }),
      CHECKPOINT_DISABLE: '1',
      PACKER_NO_COLOR: '1',
    };
    this.#args = [`-only=${builder}.image`, ...variables.map((variable) => `-var=${variable}`)];
  }

  async run(step: 'validate' | 'build', { name }: Image, folder: string): Promise<void> {
    const lines: string[] = [];
    const args = [step, ...(step === 'build' ? ['-color=false'] : []), ...this.#args, 'image.pkr.hcl'];
    const request = { program: 'packer', args, folder, environment: this.#environment, signal: this.#context.signal };
    const { code, stderr } = await runLines(request, (line) => {
      lines.push(line);
      if (step === 'build') inform(this.#context, `${name}: ${line}`);
    });
    const log = join(folder, `${step}.log`);
    const said = `${lines.join('\n')}\n${stderr}`;
    onFile(log, () => {
      writeFileSync(log, said);
    });
    if (code === 127 || code === 126) throw packerMissing(folder);
    if (code !== 0) throw packerFailed(step, name, log, said.trim().split('\n').slice(-15).join('\n'));
  }
}

/** The newest of each builder: `{"builds": [{"builder_type": "openstack", "artifact_id": "…"}]}`. */
function idsIn(file: string): Record<string, string> {
  const { builds } = JSON.parse(readFileSync(file, 'utf8')) as {
    builds: readonly { readonly builder_type: string; readonly artifact_id: string }[];
  };
  return Object.fromEntries(builds.map(({ builder_type: builder, artifact_id: id }) => [builder, id]));
}

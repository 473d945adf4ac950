import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Project } from '../../../../lib/config/project.ts';
import { createEnvironment } from '../../../../lib/dev/create.ts';
import { outlookOf } from '../../../../lib/dev/outlook.ts';
import type { EnvironmentDeploy } from '../../../../lib/dev/ports.ts';
import { commandGit } from '../../../../lib/git/command-git.ts';
import { toPlan } from '../../../../lib/plan/plan.ts';
import type { StackId } from '../../../../lib/stack/id.ts';
import { stacksOf } from '../../../../lib/synthesis/catalogue.ts';
import { synthesize } from '../../../../lib/synthesis/synthesize.ts';
import { synthesisCache } from '../../../synthesis-cache.ts';
import { makeWorld, type World } from '../world.ts';

export const BLUEPRINT = 'config/blueprints/app.yaml';

export interface PlanningWorld extends World {
  /** Deploys, in order: of which lease, and which part. */
  readonly runs: { readonly name: string; readonly part: string; readonly addresses: readonly string[] }[];
  lease(name: string): string | undefined;
  create(name: string, owner?: string): Promise<void>;
  /** Changes a file of the configuration, and commits it. */
  edit(file: string, change: (text: string) => string): void;
}

/** A world whose plans are real: what the configuration makes beside what was recorded. Its live plan is the same. */
export function planningWorld(): PlanningWorld {
  const world = makeWorld();
  const { ports } = world;
  const { deployer } = ports;
  const runs: PlanningWorld['runs'][number][] = [];
  const apply = deployer.apply.bind(deployer);
  const made = async (project: Project, id: StackId) => {
    const [stack] = await synthesize(
      stacksOf(project).filter((each) => each.id === id),
      { cache: synthesisCache },
    );
    if (stack === undefined) throw new Error(`no ${id}`);
    return stack;
  };
  const outlook = async (project: Project, id: StackId) =>
    await outlookOf({ records: ports.records, git: commandGit(ports.root) }, project, await made(project, id));
  Object.assign(deployer, {
    outlook,
    preview: async (project: Project, id: StackId) =>
      toPlan({ kind: 'live', ref: '' }, [(await outlook(project, id)).plan]),
    async apply(request: EnvironmentDeploy) {
      const { project, stack, only } = request;
      const before = await ports.records.read(stack);
      const own = (await outlook(project, stack)).plan;
      const changes =
        only === undefined ? own.changes : own.changes.filter(({ address }) => only.addresses.includes(address));
      if (changes.length > 0 && !(await request.confirm(toPlan({ kind: 'live', ref: '' }, [{ ...own, changes }]))))
        throw new Error('declined');
      runs.push({ name: stack.split('/').at(-1) ?? '', part: only?.name ?? '', addresses: only?.addresses ?? [] });
      const outcome = await apply(request);
      const {
        text,
        digest,
        files: [...files],
      } = await made(project, stack);
      const record = await ports.records.read(stack);
      if (only !== undefined && before !== undefined) await ports.records.write(before);
      else if (record !== undefined) await ports.records.write({ ...record, artefact: text, digest, files });
      return { ...outcome, changes: changes.length };
    },
  });
  return Object.assign(world, {
    runs,
    async create(name: string, owner = 'dora@acme.example.org') {
      await createEnvironment(ports, {
        ...{ name, blueprint: 'app', owner, duration: '7d' },
        ...{ cloud: undefined, users: [], sshKeys: [], purpose: undefined },
      });
      runs.splice(0);
      world.told.splice(0);
    },
    edit(file: string, change: (text: string) => string) {
      const path = join(ports.root, file);
      writeFileSync(path, change(readFileSync(path, 'utf8')));
      world.commitAll();
    },
  });
}

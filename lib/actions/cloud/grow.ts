import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { executeGrow, type Growth, planGrow, writeStepInventories } from '../../cloud-operations/growth/grow.ts';
import { renderSteps } from '../../cloud-operations/growth/render.ts';
import type { Cloud } from '../../config/schema/cloud.ts';
import { declined } from '../../deploy/errors.ts';
import { treeFolder } from '../../engines/kolla/written-tree.ts';
import { chooseKollaCloud } from '../../private-cloud/kolla/kolla-cloud.ts';
import { withClouds } from '../clouds.ts';
import { requireProject } from '../configuration.ts';
import { type ActionContext, inform } from '../context.ts';

export interface GrowOptions {
  /** @default the organisation's `defaultCloud` */
  readonly cloud?: string | undefined;
  readonly to: Cloud['layout'];
  /** Runs the steps, after asking. @default false */
  readonly execute?: boolean;
}

export interface GrowResult extends Pick<Growth, 'cloud' | 'to' | 'steps'> {
  readonly executed: boolean;
  /** File with the cloud's `layout`. */
  readonly file: string;
}

/**
 * Moves services to hosts of their own, or back, in steps that lose no majority and no address.
 * @throws TandemError `no-such-cloud`, `not-kolla`, `grow-impossible`, `grow-step-failed`, `declined`
 */
export async function growCloud(context: ActionContext, options: GrowOptions): Promise<GrowResult> {
  const { root, environment, io } = context;
  const { to, execute = false } = options;
  const project = requireProject(context);
  const cloud = chooseKollaCloud(project, options.cloud);
  return await withClouds(context, project, async (ports) => {
    const growth = await planGrow(ports, cloud, to);
    const folder = join(root, treeFolder(cloud.name));
    if (existsSync(folder)) writeStepInventories(folder, growth);
    const { steps } = growth;
    const result = { cloud: cloud.name, to, steps, file: cloud.file };
    if (!execute || steps.length === 0) return { ...result, executed: false };
    const question = { code: 'grow', details: renderSteps(growth), text: 'Run these steps?' };
    if (!(await io.confirm(question))) throw declined();
    const { secrets } = cloud.value.kolla;
    const onStep = (key: string, phase: string): void => inform(context, `${key}: ${phase}`);
    const { signal } = context;
    const emit = io.emit.bind(io);
    await executeGrow({ ...ports, root, environment, secrets, onStep }, growth, { signal, emit });
    return { ...result, executed: true };
  });
}

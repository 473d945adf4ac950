import { vagrantfile } from '../../images/vagrant.ts';
import { chooseCloud } from '../../private-cloud/topology/choose-cloud.ts';
import { blueprintNamed, requireProject } from '../configuration.ts';
import { type ActionContext, warnerOf } from '../context.ts';
import type { ResultOf } from '../result-of.ts';
import { writeText } from '../write-text.ts';
import type { vagrantSchema } from './schema.ts';

export interface VagrantFileOptions {
  readonly blueprint: string;
  /** @default the organisation's `defaultCloud` */
  readonly cloud?: string | undefined;
  /** Machines of a tier at most. @default 1 */
  readonly servers?: number | undefined;
  /** Memory of a machine at most, in MiB. @default 2048 */
  readonly memory?: number | undefined;
  /** @default - none is written */
  readonly out?: string | undefined;
}

export type VagrantFileResult = ResultOf<typeof vagrantSchema>;

/** A Vagrantfile of a blueprint. @throws TandemError `no-such-blueprint`, `no-such-cloud`, `cannot-write` */
export function writeVagrantfile(context: ActionContext, options: VagrantFileOptions): Promise<VagrantFileResult> {
  const { blueprint, servers = 1, memory: memoryMiB = 2048, out } = options;
  const project = requireProject(context);
  const cloud = chooseCloud(project, options.cloud);
  const { text, machines, findings } = vagrantfile(project, blueprintNamed(project, blueprint), cloud, {
    servers,
    memoryMiB,
  });
  for (const finding of findings) warnerOf(context)(finding);
  if (out !== undefined) writeText(out, text);
  return Promise.resolve({ blueprint, machines, text });
}

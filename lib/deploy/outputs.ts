import type { Project } from '../config/project.ts';
import type { EngineOptions, Outputs } from '../engines/engine.ts';
import { selectIds } from '../stack/select.ts';
import { engineOf } from './engine-of.ts';
import { noSuchOutput, notDeployed, tooManyStacks } from './errors.ts';
import type { DeployPorts } from './ports.ts';
import { targetsFor } from './targets.ts';

/** Outputs of one deployed stack. @throws TandemError `not-deployed`, `too-many-stacks`, `no-such-stack` */
export async function outputsOf(
  ports: DeployPorts,
  project: Project,
  selector: string,
  options: EngineOptions,
): Promise<Outputs> {
  const recorded = (await ports.records.list()).map((record) => record.stack);
  if (recorded.length === 0) throw notDeployed(selector);
  const ids = [...selectIds(recorded, [selector])];
  const [id] = ids;
  if (id === undefined || ids.length > 1) throw tooManyStacks('output', selector, ids);
  const [target] = await targetsFor(ports, project, [id], { destroy: true });
  if (target === undefined) throw notDeployed(id);
  return engineOf(ports, target.stack).outputs(target.stack, options);
}

export interface ShowOptions {
  readonly name: string | undefined;
  readonly raw: boolean;
  readonly json: boolean;
}

/** Outputs as text. A sensitive one is shown only where it is asked for by name and raw, as for a pipe. Pure. */
export function showOutputs(stack: string, outputs: Outputs, { name, raw, json }: ShowOptions): string {
  const names = name === undefined ? Object.keys(outputs).sort() : [name];
  const shown: Record<string, unknown> = {};
  for (const each of names) {
    const output = outputs[each];
    if (output === undefined) throw noSuchOutput(stack, each, Object.keys(outputs).sort());
    if (raw && name !== undefined) return `${asText(output.value)}\n`;
    shown[each] = output.sensitive ? '(sensitive)' : output.value;
  }
  if (json) return `${JSON.stringify(shown, null, 2)}\n`;
  return Object.entries(shown)
    .map(([each, value]) => `${each} = ${asText(value)}\n`)
    .join('');
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

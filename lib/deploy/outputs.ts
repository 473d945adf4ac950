import type { Project } from '../config/project.ts';
import type { EngineOptions, Outputs } from '../engines/engine.ts';
import { selectIds } from '../stack/select.ts';
import { stacksOf } from '../synthesis/catalogue.ts';
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
  const configured = stacksOf(project).map((definition) => definition.id);
  // What is neither is no stack at all: nobody is sent to deploy it.
  const meant = selectIds([...new Set([...recorded, ...configured])], [selector]);
  const ids = recorded.filter((stack) => meant.has(stack));
  const [id] = ids;
  if (id === undefined) throw notDeployed(selector);
  if (ids.length > 1) throw tooManyStacks('output', selector, ids);
  const [target] = await targetsFor(ports, project, [id], { destroy: true });
  if (target === undefined) throw notDeployed(id);
  return engineOf(ports, target.stack).outputs(target.stack, options);
}

/** All outputs by name, or the named one. Pure. @throws TandemError `no-such-output` */
export function selectOutputs(stack: string, outputs: Outputs, name: string | undefined): Outputs {
  const known = Object.keys(outputs).sort();
  if (name !== undefined && !known.includes(name)) throw noSuchOutput(stack, name, known);
  const chosen = name === undefined ? known : [name];
  return Object.fromEntries(chosen.flatMap((each) => (outputs[each] === undefined ? [] : [[each, outputs[each]]])));
}

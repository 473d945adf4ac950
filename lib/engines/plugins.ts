import type { Exchange } from '../plan/exchange.ts';
import type { BareChange } from '../plan/model.ts';
import type { EngineName } from '../stack/synthesized.ts';
import { cloudFormationPlugin } from './cloudformation/plugin.ts';
import { unknownEngine } from './errors.ts';
import { kollaPlugin } from './kolla/plugin.ts';
import type { EnginePlugin } from './plugin.ts';
import { terraformPlugin } from './terraform/plugin.ts';

/** Every engine; what takes longest to synthesize comes first. A new one is a folder beside the others, and a word here. */
const plugins: EnginePlugin[] = [cloudFormationPlugin, terraformPlugin, kollaPlugin];

export function enginePlugins(): readonly EnginePlugin[] {
  return plugins;
}

/** Adds an engine for this process; threads of large syntheses do not have it. Gives what takes it out again. */
export function addEngine(plugin: EnginePlugin): () => void {
  plugins.push(plugin);
  return () => void plugins.splice(plugins.indexOf(plugin), 1);
}

/** @throws TandemError `unknown-engine`, as for a record of a newer Tandem */
export function pluginOf(name: EngineName): EnginePlugin {
  const found = plugins.find((plugin) => plugin.name === name);
  if (found !== undefined) return found;
  throw unknownEngine(
    name,
    plugins.map((plugin) => plugin.name),
  );
}

/** What changes between two artefacts of an engine, without asking any cloud. @throws TandemError `unknown-engine` */
export async function difference(
  engine: EngineName,
  before: string | undefined,
  after: string | undefined,
  renewed?: readonly string[],
): Promise<BareChange[]> {
  return pluginOf(engine).difference(before, after, renewed);
}

const NOTHING: Exchange = { gives: () => new Map(), takes: () => new Set() };

/** What an artefact of an engine gives to other stacks, and takes from them. */
export function exchange(engine: EngineName, artefact: string): Exchange {
  return plugins.find(({ name }) => name === engine)?.exchange?.(artefact) ?? NOTHING;
}

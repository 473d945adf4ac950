import pLimit from 'p-limit';
import { firstOf } from '../../text/listed.ts';
import { unhealthy } from '../errors.ts';
import type { DevPorts } from '../ports.ts';
import type { ProgramsVerdict } from '../use/programs-verdict.ts';
import type { DevEnvironment } from '../workspace.ts';
import type { UpdateEffects } from './effects.ts';

/** As long as a server may take that is made anew and installs its programs, in seconds. */
const PATIENCE_SECONDS = 900;
const WIDTH = 8;

/**
 * Asks the servers of every tier that the update takes down, before it does. Who cannot be asked now is said, with the reason, and not
 * waited for: that nobody can log in from here is no fault of the update. One that does not serve and that no round changes stops it: a
 * round would take another one of its tier away.
 * @returns those that could be asked
 * @throws TandemError `environment-unhealthy`
 */
export async function whoCanBeAsked(
  ports: DevPorts,
  environment: DevEnvironment,
  { servers, tiers }: Pick<UpdateEffects, 'servers' | 'tiers'>,
  inRounds: ReadonlySet<string>,
): Promise<ReadonlySet<string>> {
  const running = tiers.filter(({ tier }) => runsPrograms(environment, tier));
  const fresh = new Set(servers.filter(({ effect }) => effect === 'create').map(nameOf));
  const all = running.flatMap(({ tier, members }) =>
    Array.from({ length: members }, (_, at) => `${tier}-${at + 1}`).filter((name) => !fresh.has(name)),
  );
  const verdicts = await askAll(ports, environment.name, all);
  const names = new Set<string>();
  const ill: string[] = [];
  for (const [name, verdict] of verdicts) {
    if (verdict.kind === 'unreached')
      ports.io.progress(`${name} cannot be asked whether its programs serve: ${verdict.reason}`);
    else names.add(name);
    if (verdict.kind === 'ill' && inRounds.size > 0 && !inRounds.has(name)) ill.push(`${name}: ${verdict.said}`);
  }
  if (ill.length > 0) throw unhealthy(environment.name, ill);
  return names;
}

/**
 * Waits until the programs of these servers serve, as far as they could be asked before the update.
 * @throws TandemError `environment-unhealthy` naming what does not serve, or no longer answers
 */
export async function awaitPrograms(
  ports: DevPorts,
  { name }: DevEnvironment,
  asked: ReadonlySet<string>,
  servers: readonly string[],
): Promise<void> {
  const started = ports.clock.monotonic();
  let left = servers.filter((server) => asked.has(server));
  let told = '';
  for (let round = 0; ; round += 1) {
    const waiting = [...(await askAll(ports, name, left))].filter(([, { kind }]) => kind !== 'serves');
    if (waiting.length === 0) return;
    left = waiting.map(([server]) => server);
    const lines = waiting.map(([server, verdict]) => `${server}: ${whatIsWrong(verdict)}`);
    if (ports.clock.monotonic() - started > PATIENCE_SECONDS * 1000) throw unhealthy(name, lines);
    const line = `waiting: ${firstOf(lines, 3, '; ')}`;
    if (line !== told) ports.io.progress(line);
    told = line;
    await ports.clock.sleep(Math.min(1000 * 1.3 ** round, 10_000), ports.signal);
  }
}

async function askAll(
  { askPrograms }: Pick<DevPorts, 'askPrograms'>,
  name: string,
  servers: readonly string[],
): Promise<ReadonlyMap<string, ProgramsVerdict>> {
  return new Map(
    await pLimit(WIDTH).map(servers, async (server) => [server, await askPrograms(name, server)] as const),
  );
}

function whatIsWrong(verdict: ProgramsVerdict): string {
  if (verdict.kind === 'ill') return verdict.said;
  return verdict.kind === 'unreached' ? `no longer answers: ${verdict.reason}` : 'serves';
}

function runsPrograms({ blueprint }: DevEnvironment, tier: string): boolean {
  return Object.keys(blueprint.value.tiers[tier]?.runs ?? {}).length > 0;
}

function nameOf({ tier, index }: { readonly tier: string; readonly index: number }): string {
  return `${tier}-${index}`;
}

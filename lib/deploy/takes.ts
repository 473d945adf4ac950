import type { StackId } from '../stack/id.ts';
import type { SynthesizedStack } from '../stack/synthesized.ts';
import { engineOf } from './engine-of.ts';
import type { DeployPorts, DeployRequest, Target } from './ports.ts';
import { fromRecord } from './targets.ts';

type Ports = Pick<DeployPorts, 'engines' | 'records'>;

/**
 * A stack with the values that it takes of others, as their clouds have them now. What is removed does with those that are still there.
 * @returns undefined where one of them is not there yet
 */
export async function withGiven(
  ports: Ports,
  { stack, destroy }: Target,
  signal: AbortSignal,
): Promise<SynthesizedStack | undefined> {
  const { takes = [] } = stack;
  if (takes.length === 0) return stack;
  const sources = [...new Set(takes.map(({ from }) => from))];
  const known = new Map(
    await Promise.all(
      sources.map(async (from) => {
        const outputs = outputsOf(ports, from, signal);
        // Whoever gave it may be gone, or its cloud.
        return [from, await (destroy ? outputs.catch(() => undefined) : outputs)] as const;
      }),
    ),
  );
  const given = takes.flatMap(({ name, from, output }) => {
    const value = known.get(from)?.[output]?.value;
    return typeof value === 'string' && value !== '' ? [[name, value] as const] : [];
  });
  return given.length < takes.length && !destroy ? undefined : { ...stack, given: Object.fromEntries(given) };
}

async function outputsOf(ports: Ports, from: StackId, signal: AbortSignal) {
  const record = await ports.records.read(from);
  if (record === undefined) return undefined;
  const stack = fromRecord(record);
  return await engineOf(ports, stack).outputs(stack, { signal, parallelism: 1, readOnly: true });
}

/** Whether an operation may make what a stack waits for: where it can't, nobody is asked about it. Pure. */
export function mayBeGiven({ stack: { dependsOn, takes = [] } }: Target, { targets }: DeployRequest): boolean {
  const made = new Set(targets.flatMap(({ stack, destroy }) => (destroy ? [] : [stack.id])));
  return takes.length === 0 || dependsOn.some((id) => made.has(id));
}

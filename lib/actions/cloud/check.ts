import type { Problem } from '../../config/diagnostic.ts';
import { noSuchCloud } from '../../private-cloud/errors.ts';
import { type FlavorRoom, roomLeft } from '../../private-cloud/placement/capacity.ts';
import { CATALOGUE } from '../../private-cloud/rules/catalogue.ts';
import { readConfiguration } from '../configuration.ts';
import type { ActionContext } from '../context.ts';

export interface CheckOptions {
  /** The organisation's `defaultCloud` where there is none. */
  readonly clouds: readonly string[];
  /** Every cloud there is. @default false */
  readonly all?: boolean;
  /** Only lists the rules. @default false */
  readonly rules?: boolean;
}

export interface CheckResult {
  readonly problems: readonly Problem[];
  /** Clouds of which every rule holds, with their layout. */
  readonly sound: readonly { readonly cloud: string; readonly layout: string }[];
  /** Of those, what still fits. */
  readonly capacity: Readonly<Record<string, readonly FlavorRoom[]>>;
  /** Every rule of a highly available cloud, where they were asked for. */
  readonly rules?: readonly CloudRule[];
}

/** A lease that no longer fits is its cloud's problem too: `from this lease on …`. */
const OF_LEASES = new Set(['no-capacity', 'no-placement', 'no-spare-capacity', 'no-spare-host']);

/** What must hold of clouds. @throws TandemError `no-such-cloud` */
export async function checkClouds(
  context: ActionContext,
  { clouds, all = false, rules = false }: CheckOptions,
): Promise<CheckResult> {
  if (rules) return { problems: [], sound: [], capacity: {}, rules: cloudRules() };
  const { project, problems } = readConfiguration(context);
  const known = project === undefined ? [] : [...project.clouds.keys()];
  // A cloud that does not load is known by its file alone.
  const broken = problems.flatMap(({ file }) => /^config\/clouds\/(.+)\.yaml$/.exec(file)?.[1] ?? []);
  const existing = [...new Set([...known, ...broken])].sort();
  const fallback = project === undefined ? existing : [project.organisation.value.defaultCloud];
  const asked = all ? existing : clouds.length > 0 ? clouds : fallback;
  const missing = asked.find((name) => !existing.includes(name));
  if (missing !== undefined) throw noSuchCloud(missing, existing);
  const files = new Set(asked.map(fileOf));
  const own = problems.filter(
    ({ file, code, message }) =>
      files.has(file) || (OF_LEASES.has(code) && asked.some((name) => message.includes(` cloud ${name} `))),
  );
  const sound = asked.flatMap((name) => {
    const cloud = project?.clouds.get(name);
    if (cloud === undefined || own.some(({ file }) => file === fileOf(name))) return [];
    return [{ cloud: name, layout: cloud.value.layout }];
  });
  const capacity =
    project === undefined ? {} : Object.fromEntries(sound.map(({ cloud }) => [cloud, roomLeft(project, cloud)]));
  return { problems: own, sound, capacity };
}

function fileOf(cloud: string): string {
  return `config/clouds/${cloud}.yaml`;
}

export interface CloudRule {
  /** Code of the problems that it gives. */
  readonly rule: string;
  readonly severity: Problem['severity'];
  /** What must hold, as a sentence. */
  readonly asks: string;
}

function cloudRules(): readonly CloudRule[] {
  return Object.entries(CATALOGUE).map(([rule, { severity, asks }]) => ({ rule, severity, asks }));
}

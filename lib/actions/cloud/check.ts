import { existsSync } from 'node:fs';
import type { Problem } from '../../config/diagnostic.ts';
import type { Project } from '../../config/project.ts';
import { inspectSecrets } from '../../engines/kolla/secrets.ts';
import { noSuchCloud } from '../../private-cloud/errors.ts';
import { type SecretFile, secretFilesOf } from '../../private-cloud/kolla/secret-files.ts';
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
  /** Lists the files that `kolla.secrets` must hold, too, and looks at those that are on this machine. @default false */
  readonly secrets?: boolean;
}

/** A file of `kolla.secrets`. Nothing of its content but what certificates say in public. */
export interface CheckedSecret extends Pick<SecretFile, 'path' | 'kind' | 'reader'> {
  /** `unknown`: the folder is not on this machine. */
  readonly state: 'sound' | 'broken' | 'unknown';
  /** What is wrong, each a clause. */
  readonly faults: readonly string[];
  /** When its first certificate expires. */
  readonly until?: string;
}

export interface CheckedSecrets {
  readonly cloud: string;
  readonly folder: string;
  readonly files: readonly CheckedSecret[];
}

export interface CheckResult {
  readonly problems: readonly Problem[];
  /** Clouds of which every rule holds, with their layout. */
  readonly sound: readonly { readonly cloud: string; readonly layout: string }[];
  /** Of those, what still fits. */
  readonly capacity: Readonly<Record<string, readonly FlavorRoom[]>>;
  /** Every rule of a highly available cloud, where they were asked for. */
  readonly rules?: readonly CloudRule[];
  /** Of clouds that Kolla-Ansible deploys, where they were asked for. */
  readonly secrets?: readonly CheckedSecrets[];
}

/** A lease that no longer fits is its cloud's problem too: `from this lease on …`. */
const OF_LEASES = new Set(['no-capacity', 'no-placement', 'no-spare-capacity', 'no-spare-host']);

/** What must hold of clouds. @throws TandemError `no-such-cloud` */
export async function checkClouds(
  context: ActionContext,
  { clouds, all = false, rules = false, secrets = false }: CheckOptions,
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
  const named = secrets ? { secrets: asked.flatMap((name) => secretsOf(name, project, context.now())) } : {};
  return { problems: own, sound, capacity, ...named };
}

function secretsOf(name: string, project: Project | undefined, at: Date): CheckedSecrets[] {
  const cloud = project?.clouds.get(name)?.value;
  if (cloud?.kolla === undefined) return [];
  const folder = cloud.kolla.secrets;
  const wanted = secretFilesOf(name, cloud);
  const isHere = existsSync(folder);
  const states = isHere ? inspectSecrets(folder, wanted, at) : wanted.map((file) => ({ file, faults: [] }));
  const files = states.map(({ file: { path, kind, reader }, faults, ...more }): CheckedSecret => {
    const until = 'until' in more ? { until: more.until.toISOString() } : {};
    return {
      path,
      kind,
      reader,
      state: isHere ? (faults.length > 0 ? 'broken' : 'sound') : 'unknown',
      faults,
      ...until,
    };
  });
  return [{ cloud: name, folder, files }];
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

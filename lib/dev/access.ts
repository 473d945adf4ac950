import { z } from 'zod';
import type { Project } from '../config/project.ts';
import type { Outputs } from '../engines/engine.ts';
import type { DevPorts } from './ports.ts';
import { requireProjectId } from './project.ts';
import type { DevEnvironment } from './workspace.ts';

/** How people reach an environment. */
export interface Access {
  readonly projectId: string;
  /** What load balancers answer on, by tier: `alice.dev.acme.example.org:443 (203.0.113.20)`. */
  readonly endpoints: Readonly<Record<string, string>>;
  /** Command line that logs in; undefined where the blueprint allows no logins. */
  readonly ssh: string | undefined;
}

const endpoint = z.object({ host: z.string(), port: z.number(), address: z.string() });
const login = z.object({ user: z.string().optional(), host: z.string(), address: z.string() });

export async function accessOf(ports: DevPorts, project: Project, environment: DevEnvironment): Promise<Access> {
  const [projectId, outputs] = await Promise.all([
    requireProjectId(ports, project, environment),
    ports.deployer.outputs(project, environment.stack),
  ]);
  return { projectId, endpoints: endpointsIn(outputs), ssh: sshIn(outputs) };
}

/** Pure. Never what an engine calls sensitive. */
export function endpointsIn(outputs: Outputs): Readonly<Record<string, string>> {
  const parsed = z.record(z.string(), endpoint).safeParse(open(outputs, 'endpoints'));
  const found = Object.entries(parsed.data ?? {});
  return Object.fromEntries(found.map(([tier, { host, port, address }]) => [tier, `${host}:${port} (${address})`]));
}

/** Pure. The address rather than the name: whoever has just leased it may sit where its names are not known yet. */
export function sshIn(outputs: Outputs): string | undefined {
  const { data } = login.safeParse(open(outputs, 'ssh'));
  return data === undefined ? undefined : `ssh ${data.user === undefined ? '' : `${data.user}@`}${data.address}`;
}

function open(outputs: Outputs, name: string): unknown {
  const output = outputs[name];
  return output?.sensitive === false ? output.value : undefined;
}

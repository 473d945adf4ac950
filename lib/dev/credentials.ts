import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import type { Entity, Project } from '../config/project.ts';
import type { Cloud } from '../config/schema/cloud.ts';
import { readIfThere, writeFileAtomic } from '../fs/files.ts';
import type { EnvironmentUser, IssuedCredential } from '../openstack-api/cloud-api.ts';
import { artefactName } from '../stack/id.ts';
import { projectNameOf } from '../stack/ownership.ts';
import { currentEnvironment, refusesOthers } from './current-environment.ts';
import { endOf } from './duration.ts';
import { leaseExpired } from './errors.ts';
import { runVerb } from './operation.ts';
import type { DevPorts } from './ports.ts';
import { requireProjectId } from './project.ts';
import type { DevEnvironment } from './workspace.ts';

/** Where the owner's clouds.yaml is. What stands in it is never printed. */
export interface OwnerCredentials {
  /** Relative to the project's root. */
  readonly file: string;
  /** The entry's name in it. */
  readonly entry: string;
  /** Whether this run made them, rather than an earlier one. */
  readonly issued: boolean;
  /** When they stop working, as the lease says it; null for never. */
  readonly until: string | null;
}

function credentialsFile(name: string): string {
  return `.tandem/credentials/${name}/clouds.yaml`;
}

/** What names an environment's user on its cloud. */
type UserKey = Pick<DevEnvironment, 'name' | 'stack'> & { readonly cloud: Entity<Cloud> };

/** The Keystone user of an environment, in the domain of its project. */
export function userOf(project: Project, { name, stack, cloud }: UserKey): EnvironmentUser {
  const organisation = project.organisation.value.organisation.name;
  return {
    name: projectNameOf(name),
    domain: cloud.value.endpoint.domain,
    description: `owner of a dev environment (${organisation}, ${name}, ${artefactName(stack)})`,
  };
}

export interface CredentialsRequest {
  readonly project: Project;
  readonly environment: DevEnvironment;
  readonly projectId: string;
  /** Whether every earlier one stops working. @default false - one that works until the lease ends is kept */
  readonly rotate?: boolean;
}

/**
 * Gives the owner an application credential of the environment's own user, in its own project, that works until the lease ends.
 * Protected leases whose end is over get one without an end.
 */
export async function provideCredentials(ports: DevPorts, request: CredentialsRequest): Promise<OwnerCredentials> {
  const { project, environment, projectId, rotate = false } = request;
  const { name, cloud, lease } = environment;
  const file = credentialsFile(name);
  const path = join(ports.root, file);
  const api = ports.cloud(cloud);
  const user = userOf(project, environment);
  const end = endOf(lease.value.until);
  const expiresAt = end > ports.clock.now() ? end : undefined;
  const until = expiresAt === undefined ? null : lease.value.until;
  const known = rotate ? undefined : readIssued(path, name);
  if (known?.header === headerOf(until) && (await api.testCredential(user, projectId, known.issued)))
    return { file, entry: name, issued: false, until };
  const issued = await api.issueCredential(user, { projectId, expiresAt, rotate });
  writeFileAtomic(path, `${headerOf(until)}\n${render(environment, issued)}`);
  return { file, entry: name, issued: true, until };
}

/**
 * After a change of a lease: its owner's credential is issued again where its end moved, and where the one of this checkout is from a
 * version that issued it in the operator's name. Leases that ended get none.
 */
export async function refreshCredentials(
  ports: DevPorts,
  request: CredentialsRequest,
  endMoved: boolean,
): Promise<void> {
  const { name, lease } = request.environment;
  const known = readIssued(join(ports.root, credentialsFile(name)), name);
  const isOperators = known !== undefined && !known.header.startsWith(HEADER);
  if (!(endMoved || isOperators) || endOf(lease.value.until) <= ports.clock.now()) return;
  const { file, issued, until } = await provideCredentials(ports, request);
  if (issued) ports.io.progress(`credentials of the owner, which work until ${until ?? 'they are rotated'}: ${file}`);
}

/**
 * The owner's credential for somebody whose checkout has none, or a new one in place of all earlier ones.
 * @throws TandemError `no-such-lease`, `lease-expired`, `lease-stale`, `environment-unfinished`, `no-project-on-cloud`
 */
export async function ownerCredentials(ports: DevPorts, name: string, rotate: boolean): Promise<OwnerCredentials> {
  const { project, environment } = await currentEnvironment(ports, name);
  const { stack, lease } = environment;
  const { until, protected: isProtected } = lease.value;
  if (endOf(until) <= ports.clock.now() && !isProtected) throw leaseExpired(name, until);
  const projectId = await requireProjectId(ports, project, environment);
  const verb = 'env credentials';
  const resume = `tandem ${verb} ${name}${rotate ? ' --rotate' : ''}`;
  const work = { verb, stack, inputs: { name, rotate }, resume, refuses: refusesOthers(name) };
  return await runVerb(ports, work, (operation) =>
    operation.step('credentials', () => provideCredentials(ports, { project, environment, projectId, rotate })),
  );
}

export function forgetCredentials(root: string, name: string): void {
  rmSync(dirname(join(root, credentialsFile(name))), { recursive: true, force: true });
}

function render({ name, cloud }: DevEnvironment, issued: IssuedCredential): string {
  const { authUrl, region } = cloud.value.endpoint;
  return stringify({
    clouds: {
      [name]: {
        auth_type: 'v3applicationcredential',
        auth: {
          auth_url: authUrl,
          application_credential_id: issued.id,
          application_credential_secret: issued.secret,
        },
        region_name: region,
        interface: 'public',
        identity_api_version: 3,
      },
    },
  });
}

const auth = z.object({ application_credential_id: z.string(), application_credential_secret: z.string() });
const written = z.object({ clouds: z.record(z.string(), z.object({ auth })) });

/** First line of the file. One without it is from a version that issued credentials of the operator's own user. */
const HEADER = '# Of the environment';

function headerOf(until: string | null): string {
  return `${HEADER}'s own user; works until ${until ?? 'it is rotated'}.`;
}

function readIssued(path: string, name: string): { issued: IssuedCredential; header: string } | undefined {
  const text = readIfThere(path);
  if (text === undefined) return undefined;
  const parsed = written.safeParse(parse(text));
  const found = parsed.data?.clouds[name]?.auth;
  if (found === undefined) return undefined;
  const issued = { id: found.application_credential_id, secret: found.application_credential_secret };
  return { issued, header: text.split('\n', 1)[0] ?? '' };
}

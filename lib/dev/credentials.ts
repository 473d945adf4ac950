import { existsSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { writeFileAtomic } from '../fs/files.ts';
import type { IssuedCredential } from '../openstack-api/cloud-api.ts';
import type { DevPorts } from './ports.ts';
import type { DevEnvironment } from './workspace.ts';

/** Where the owner's clouds.yaml is. What stands in it is never printed. */
export interface OwnerCredentials {
  /** Relative to the project's root. */
  readonly file: string;
  /** The entry's name in it. */
  readonly entry: string;
  /** Whether this run made them, rather than an earlier one. */
  readonly issued: boolean;
}

const ROLE = 'member';

function credentialsFile(name: string): string {
  return `.tandem/credentials/${name}/clouds.yaml`;
}

/** Gives the owner an application credential in the environment's own project, unless an earlier one still works. */
export async function provideCredentials(
  ports: DevPorts,
  environment: DevEnvironment,
  projectId: string,
): Promise<OwnerCredentials> {
  const { name, cloud } = environment;
  const file = credentialsFile(name);
  const path = join(ports.root, file);
  const api = ports.cloud(cloud);
  const known = readIssued(path, name);
  if (known !== undefined && (await api.testCredential(projectId, known))) return { file, entry: name, issued: false };
  const issued = await api.issueCredential(projectId, `tandem-${cloud.name}-${name}`, ROLE);
  writeFileAtomic(path, render(environment, issued));
  return { file, entry: name, issued: true };
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

function readIssued(path: string, name: string): IssuedCredential | undefined {
  if (!existsSync(path)) return undefined;
  const parsed = written.safeParse(parse(readFileSync(path, 'utf8')));
  const found = parsed.data?.clouds[name]?.auth;
  return found === undefined
    ? undefined
    : { id: found.application_credential_id, secret: found.application_credential_secret };
}

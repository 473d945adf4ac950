import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { isRecord } from '../text/json.ts';
import { type CloudsEntry, entrySchema } from './clouds-entry.ts';
import { Credentials } from './credentials.ts';
import { invalidCloudsEntry, noCloudsEntry, noCloudsYaml } from './errors.ts';

/** Where a cloud's API is and as whom to call it, as clouds.yaml says. */
export interface CloudAccess {
  /** Name of the entry. */
  readonly entry: string;
  readonly file: string;
  readonly credentials: Credentials;
  readonly region: string | undefined;
  readonly interface: 'public' | 'internal' | 'admin';
  /** File of certificates that the endpoints' are signed by. */
  readonly caFile: string | undefined;
}

/** The files that clients of OpenStack read, in their order. */
export function cloudsFiles(environment: NodeJS.ProcessEnv, workingFolder: string): string[] {
  const named = environment['OS_CLIENT_CONFIG_FILE'];
  const home = environment['XDG_CONFIG_HOME'] ?? join(environment['HOME'] ?? homedir(), '.config');
  return [
    ...(named === undefined || named === '' ? [] : [named]),
    join(workingFolder, 'clouds.yaml'),
    join(home, 'openstack', 'clouds.yaml'),
    '/etc/openstack/clouds.yaml',
  ];
}

/**
 * Reads an entry by the rules of openstacksdk: the first clouds.yaml that exists, with secure.yaml laid over it.
 * @throws TandemError `no-clouds-yaml`, `no-clouds-entry`, `invalid-clouds-entry`
 */
export function readCloudAccess(entry: string, environment: NodeJS.ProcessEnv, workingFolder: string): CloudAccess {
  const files = cloudsFiles(environment, workingFolder);
  const file = files.find((candidate) => existsSync(candidate));
  if (file === undefined) throw noCloudsYaml(entry, files);
  const clouds = readClouds(file, entry);
  const found = clouds[entry];
  if (found === undefined) throw noCloudsEntry(entry, file, Object.keys(clouds));
  const secureFile = secureFiles(environment, files, file).find((candidate) => existsSync(candidate));
  const secrets = secureFile === undefined ? undefined : readClouds(secureFile, entry)[entry];
  const parsed = entrySchema.safeParse(merge(found, secrets));
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw invalidCloudsEntry(entry, file, `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'is not as expected'}`);
  }
  return toAccess(entry, file, parsed.data);
}

function toAccess(entry: string, file: string, value: CloudsEntry): CloudAccess {
  if (value.verify === false) {
    throw invalidCloudsEntry(
      entry,
      file,
      '`verify: false` would send the credentials to an unverified server; set `cacert` instead',
    );
  }
  const face = (value.interface ?? 'public').replace(/URL$/, '');
  if (face !== 'public' && face !== 'internal' && face !== 'admin') {
    throw invalidCloudsEntry(entry, file, `interface: got "${face}"; use public, internal or admin`);
  }
  const credentials = Credentials.from(value);
  if (typeof credentials === 'string') throw invalidCloudsEntry(entry, file, credentials);
  return { entry, file, credentials, region: value.region_name, interface: face, caFile: value.cacert };
}

function readClouds(file: string, entry: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = parse(readFileSync(file, 'utf8'));
  } catch (error) {
    // The parser quotes the line that it stumbles over, which may be the password's: only the place is told.
    const at = /at line \d+, column \d+/.exec(error instanceof Error ? error.message : '')?.[0] ?? '';
    throw invalidCloudsEntry(entry, file, `it cannot be read as YAML ${at}`.trim());
  }
  if (!isRecord(value) || !isRecord(value['clouds'])) return {};
  return value['clouds'];
}

function secureFiles(environment: NodeJS.ProcessEnv, files: readonly string[], file: string): string[] {
  const named = environment['OS_CLIENT_SECURE_FILE'];
  const beside = [file, ...files].map((candidate) => join(dirname(candidate), 'secure.yaml'));
  return named === undefined || named === '' ? beside : [named];
}

function merge(below: unknown, above: unknown): unknown {
  if (above === undefined) return below;
  if (!isRecord(below) || !isRecord(above)) return above;
  const merged: Record<string, unknown> = { ...below };
  for (const [key, value] of Object.entries(above)) merged[key] = merge(below[key], value);
  return merged;
}

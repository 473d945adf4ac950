import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cloudsFiles, readCloudAccess } from '../../../lib/openstack-api/clouds-yaml.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'clouds-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (file: string, text: string): string => {
  const path = join(folder, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
};
const entry = (more = '', auth = '') =>
  `clouds:\n  lab:\n${more}    auth:\n      auth_url: http://k:5000\n      username: admin\n      project_name: admin\n${auth}`;
const read = (environment: NodeJS.ProcessEnv = {}) =>
  readCloudAccess('lab', { HOME: join(folder, 'home'), ...environment }, folder);

describe('clouds.yaml', () => {
  it('is looked for where OpenStack clients look, in their order', () => {
    const files = cloudsFiles({ OS_CLIENT_CONFIG_FILE: '/a/clouds.yaml', HOME: '/home/x' }, '/work');
    expect(files).toEqual([
      '/a/clouds.yaml',
      '/work/clouds.yaml',
      '/home/x/.config/openstack/clouds.yaml',
      '/etc/openstack/clouds.yaml',
    ]);
  });

  it('takes secrets from secure.yaml beside it', () => {
    write('clouds.yaml', entry());
    write('secure.yaml', 'clouds:\n  lab:\n    auth: { password: hunter2 }\n');
    const access = read();
    expect(access.credentials.authUrl).toBe('http://k:5000/v3');
    expect(JSON.stringify(access.credentials.request())).toContain('hunter2');
  });

  it('keeps secrets out of whatever is printed', () => {
    write('clouds.yaml', entry('', '      password: hunter2\n'));
    const access = read();
    expect(inspect(access, { depth: 9 }) + JSON.stringify(access)).not.toContain('hunter2');
  });

  it('reads an application credential, which works in no project but its own', () => {
    const auth = 'auth_url: http://k/v3\n      application_credential_id: a\n      application_credential_secret: s';
    write('clouds.yaml', `clouds:\n  lab:\n    auth_type: v3applicationcredential\n    auth:\n      ${auth}\n`);
    expect(read().credentials.isRescopable).toBe(false);
  });

  it('fails where there is no file, or no such entry', () => {
    expect(() => readCloudAccess('lab', { HOME: folder }, folder)).toThrow(/no clouds.yaml found/);
    write('clouds.yaml', 'clouds: { other: { auth: { auth_url: x } } }\n');
    expect(() => read()).toThrow(/has no entry "lab"; it has other/);
  });

  it('fails for an entry that would send credentials to an unverified server, or has none', () => {
    write('clouds.yaml', entry('    verify: false\n', '      password: p\n'));
    expect(() => read()).toThrow(/set `cacert` instead/);
    write('clouds.yaml', entry());
    expect(() => read()).toThrow(/auth.password is missing/);
  });

  it('fails for broken YAML without quoting it', () => {
    write('clouds.yaml', 'clouds:\n  lab: {{\n    password: hunter2: x\n');
    expect(() => read()).toThrow(/cannot be read as YAML/);
    expect(() => read()).not.toThrow(/hunter2/);
  });
});

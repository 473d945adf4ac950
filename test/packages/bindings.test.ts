import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { emitTypeScript } from '../../packages/provider-openstack/scripts/emit.mts';
import { readInUse, readSchema } from '../../packages/provider-openstack/scripts/sources.mts';
import { argumentsOf, isArgument } from './generated-arguments.ts';

const require = createRequire(import.meta.url);
const library = dirname(dirname(require.resolve('@cdktf/provider-openstack/lib/provider')));
const older = readSchema('1.54.1');
const newer = readSchema('3.4.0');
const codeOf = (module: string): string => readFileSync(join(library, module, 'index.js'), 'utf8');
const kebab = (name: string): string => name.replace(/^openstack_/, '').replaceAll('_', '-');

describe.each([
  ...readInUse().resources.map((name) => [name, kebab(name), older.resources[name], newer.resources[name]] as const),
  ...readInUse().data_sources.map(
    (name) =>
      [`data ${name}`, `data-openstack-${kebab(name)}`, older.data_sources[name], newer.data_sources[name]] as const,
  ),
  ['the provider', 'provider', older.provider, newer.provider] as const,
])('%s', (_, module, inOlder, inNewer) => {
  it('offers no argument that provider 1.54.1 or 3.4.0 lacks', () => {
    // `alias` is Terraform's own.
    const offered = argumentsOf(codeOf(module)).filter((path) => path !== 'alias');
    expect(offered.length).toBeGreaterThan(0);
    expect(offered.filter((path) => !isArgument(inOlder, path) || !isArgument(inNewer, path))).toEqual([]);
  });
});

describe('the bindings', () => {
  it('leave out what only one version lets one set', () => {
    const offered = argumentsOf(codeOf('compute-instance-v2'));
    expect(isArgument(older.resources['openstack_compute_instance_v2'], 'access_ip_v4')).toBe(true);
    expect(offered).not.toContain('access_ip_v4');
    expect(argumentsOf(codeOf('provider'))).not.toContain('use_octavia');
  });

  it('keep arguments of nested blocks', () => {
    expect(argumentsOf(codeOf('compute-instance-v2'))).toEqual(
      expect.arrayContaining(['name', 'network.port', 'scheduler_hints.group', 'timeouts.create']),
    );
  });

  it('are one module for each name in use, and the provider', () => {
    const { resources, data_sources } = readInUse();
    const modules = readdirSync(library, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(modules).toHaveLength(resources.length + data_sources.length + 1);
  });

  it('load the same copy of the library as the stacks do', () => {
    const copies = readdirSync(library, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .flatMap((entry) => [...codeOf(entry.name).matchAll(/require\("(cdkt\w*)"\)/g)].map((match) => match[1]));
    expect([...new Set(copies)]).toEqual(['cdktf']);
  });

  it('give their classes to a named import', async () => {
    const { ComputeInstanceV2 } = await import('@cdktf/provider-openstack/lib/compute-instance-v2');
    expect(ComputeInstanceV2.tfResourceType).toBe('openstack_compute_instance_v2');
  });
});

describe('the generator', () => {
  const environment = { ...process.env };
  const folders = ['a', 'b'].map((name) => join(mkdtempSync(join(tmpdir(), 'bindings-')), name));
  afterEach(() => {
    process.env = environment;
    for (const folder of folders) rmSync(dirname(folder), { recursive: true, force: true });
  });

  it('writes the same bytes twice', async () => {
    const [first, second] = await Promise.all(
      folders.map(async (folder) => {
        mkdirSync(folder);
        return filesBelow(await emitTypeScript(folder));
      }),
    );
    expect(Object.keys(first ?? {}).length).toBeGreaterThan(50);
    expect(first).toEqual(second);
  });
});

function filesBelow(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    files.map((entry) => {
      const file = join(entry.parentPath, entry.name);
      return [file.slice(folder.length), readFileSync(file, 'utf8')];
    }),
  );
}

import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { aptInstall, inRoot, installedRoot, whyNoForming } from '../../../lab/servers/roots.ts';
import { installScript } from '../../../lib/bring-up/install.ts';
import { manifestOf } from '../../../lib/bring-up/manifest.ts';
import type { AnyComponent, TierSoftware } from '../../../lib/bring-up/tier-software.ts';
import { bringUpUserData } from '../../../lib/bring-up/user-data.ts';
import { rubyService } from '../../../lib/components/ruby-service/component.ts';
import { SHIPPED } from '../../../lib/components/shipped.ts';
import { sphinx } from '../../../lib/components/sphinx/component.ts';
import { accessScript, joinUserData } from '../../../lib/openstack/user-data.ts';
import { echoSoftware } from '../../lib/bring-up/echo.ts';
import { parsableFile, tierInputs } from '../../lib/components/tier-inputs.ts';
import { softwareOfLease } from './support/software.ts';

const reason = whyNoForming();
if (reason !== undefined) process.stderr.write(`Nothing is checked in a root of Debian: ${reason}\n`);

const blueprints = readdirSync(join(import.meta.dirname, '../../../config/blueprints'))
  .filter((file) => file.endsWith('.yaml'))
  .map((file) => file.replace('.yaml', ''));
/** Components that need no settings, each on a tier of its own. */
const alone = SHIPPED.filter(({ settings }) => settings.safeParse({}).success).map(({ name }) => name);
const aloneYaml = stringify({
  description: 'Each component by itself',
  tiers: Object.fromEntries(
    alone.map((name) => [name, { image: 'debian-12', flavor: 'medium', count: 3, runs: { [name]: {} } }]),
  ),
});

/** Every tier of a blueprint that runs something, and every component. */
const tiers: readonly (readonly [string, TierSoftware])[] = [
  ['echo', echoSoftware()],
  ...softwareOfLease({ yaml: aloneYaml }).software,
  ...blueprints.flatMap((blueprint) =>
    [...softwareOfLease({ blueprint }).software].map(([tier, software]) => [`${blueprint}/${tier}`, software] as const),
  ),
];

/** As Puma reads its file: a word that it does not know is an error. */
const PUMA = `require 'puma'
require 'puma/configuration'
read = Puma::Configuration.new(config_files: ['/tmp/settings'])
read.load
puts read.final_options.slice(:workers, :min_threads, :max_threads, :preload_app).inspect`;
/** Files of components that their own programs read without being started; others are read where they are formed. */
const READ: readonly { component: AnyComponent; path: string; command: readonly string[]; said: string }[] = [
  {
    component: rubyService,
    path: '/etc/ruby-service/puma.rb',
    command: ['ruby', '-e', PUMA],
    said: '{:workers=>4, :min_threads=>5, :max_threads=>5, :preload_app=>true}',
  },
  {
    component: sphinx,
    path: '/etc/sphinxsearch/sphinx.conf',
    command: ['indextool', '--checkconfig', '--config', '/tmp/settings'],
    said: 'config valid',
  },
];

/** As a shell gets it: with words in place of placeholders. */
function filled(text: string): string {
  return text.replaceAll(/@\{(?:\{\w+\}|[^}])*\}/g, 'word');
}

describe.skipIf(reason !== undefined && process.env['CI'] === undefined)(
  'what brings servers up is accepted by Debian',
  () => {
    let tools: string;

    beforeAll(async () => {
      tools = await installedRoot(aptInstall('cloud-init', 'shellcheck'));
    });

    it.each(tiers)('%s: its scripts by shellcheck', async (_, software) => {
      const { runs } = software;
      const components = manifestOf(software).components;
      const commands = components.flatMap(({ name, health, drain, backup }) =>
        Object.entries({ health, drain, backup })
          .filter(([, text]) => text !== '')
          .map(([what, text]) => [`${name}.${what}.sh`, `#!/bin/sh\n${filled(text)}\n`]),
      );
      const files = {
        'user-data.sh': bringUpUserData(software),
        'install.sh': installScript(runs.map(({ component }) => component)),
        ...(Object.fromEntries(commands) as Record<string, string>),
      };
      const { code, stdout } = await inRoot(
        tools,
        ['shellcheck', '--shell=sh', '--exclude=SC1091,SC2034', ...Object.keys(files).map((name) => `/tmp/${name}`)],
        files,
      );
      expect(stdout).toBe('');
      expect(code).toBe(0);
    });

    it.each(tiers)('%s: its user data by cloud-init', async (_, software) => {
      const parts = ['#cloud-config\nssh_pwauth: false\n', accessScript('debian'), bringUpUserData(software)];
      const program = [
        'import hashlib',
        'from email import message_from_string',
        'from cloudinit.handlers import type_from_starts_with',
        "whole = message_from_string(open('/tmp/user-data').read())",
        'for part in whole.walk():',
        '    if not part.is_multipart():',
        "        text = part.get_payload(decode=True).decode().rstrip('\\n')",
        '        print(type_from_starts_with(text), hashlib.sha256(text.encode()).hexdigest())',
      ].join('\n');
      const files = { 'user-data': joinUserData(parts), 'cloud-config': parts[0] ?? '' };
      const { stdout, stderr } = await inRoot(tools, ['python3', '-c', program], files);
      const kinds = ['text/cloud-config', 'text/x-shellscript', 'text/x-shellscript'];
      expect(`${stdout}${stderr}`.trim().split('\n')).toEqual(
        parts.map((part, at) => `${kinds[at]} ${createHash('sha256').update(part.trimEnd()).digest('hex')}`),
      );
      const checked = await inRoot(tools, ['cloud-init', 'schema', '--config-file', '/tmp/cloud-config'], files);
      expect(checked.stdout).toContain('Valid cloud-config');
    });

    it.each(tiers)('%s: its units by systemd-analyze', async (_, software) => {
      const units = manifestOf(software).components.flatMap(({ files }) =>
        files
          .filter(({ path }) => /\/systemd\/system\/[^/]+$/.test(path))
          .map(({ path, content }) => [path.replace(/^.*\//, ''), content] as const),
      );
      if (units.length === 0) return;
      const files = Object.fromEntries(units.map(([name, content]) => [`units/${name}`, content]));
      const command = [
        'systemd-analyze',
        'verify',
        '--man=no',
        '--recursive-errors=no',
        ...Object.keys(files).map((name) => `/tmp/${name}`),
      ];
      const { stderr } = await inRoot(tools, command, files);
      // What they start is not installed here, nor are users.
      const said = stderr
        .split('\n')
        .filter((line) => line !== '' && !/is not executable: No such file|^Unit .* not found/.test(line));
      expect(said).toEqual([]);
    });

    it.each(READ)('$component.name: its file by its program', async ({ component, path, command, said }) => {
      const root = await installedRoot(installScript([component]));
      const settings = parsableFile(component, tierInputs(component, {}), path);
      const { code, stdout, stderr } = await inRoot(root, command, { settings });
      expect(`${stdout}${stderr}`).toContain(said);
      expect(code).toBe(0);
      const wrong = await inRoot(root, command, { settings: settings.replace(/threads|rt_mem_limit/, 'strings') });
      expect(wrong.code).not.toBe(0);
    });
  },
);

import { z } from 'zod';
import { because } from '../diagnostic.ts';
import { name, text } from './common.ts';

const interfaceName = z.string().regex(/^[a-z][a-z0-9._-]{0,14}$/, {
  error: because(
    'Linux names an interface in at most 15 lowercase letters, digits, dots, hyphens and underscores',
    'write one like bond1',
  ),
});

/** A variable of Kolla-Ansible; what looks like a secret has no place here. */
const globalName = z.string().regex(/^(?!.*(?:password|secret|token|private_key))[a-z][a-z0-9_]*$/, {
  error: because(
    'it is not a variable of Kolla-Ansible, or it holds a secret, and the configuration holds no secrets',
    'write one like enable_horizon; secrets are in passwords.yml of the folder kolla.secrets',
  ),
});

/** Ansible runs what is in here on the deployment host. */
const expression = z.strictObject({
  expression: text(2000).describe(
    'Template that Ansible evaluates. CAUTION: it may run commands on the deployment host, as whoever deploys.',
  ),
});

/** What Kolla-Ansible has to know of a cloud that it deploys. */
export const kolla = z.strictObject({
  secrets: z
    .string()
    .regex(/^\/[\w@%+=:,./-]{0,1023}$/, {
      error: because('it is a folder on the deployment host', 'write an absolute path like /etc/kolla/paris'),
    })
    .describe(
      'Folder on the deployment host with `passwords.yml` (from kolla-genpwd, or a vault), `certificates/` and, for Ceph, `config/` with its keyrings. kolla-ansible reads it; Tandem only links to it.',
    ),
  user: name().default('kolla').describe('Login on the hosts.'),
  baseDistro: z
    .enum(['debian', 'ubuntu', 'rocky', 'centos'])
    .default('debian')
    .describe('Base distribution of the container images.'),
  containerEngine: z.enum(['docker', 'podman']).default('docker').describe('Container engine of the hosts.'),
  providerInterfaces: z
    .record(name(), interfaceName)
    .default({})
    .describe('Interface of the network hosts that carries each physical network, e.g. `physnet1: bond1`.'),
  globals: z
    .record(globalName, z.union([text(2000), z.number(), z.boolean(), expression]))
    .default({})
    .describe(
      'More variables for globals.yml. Text stays text; what Ansible shall evaluate is written `{ expression: "{{ … }}" }`. Those that Tandem derives from the configuration are refused.',
    ),
});

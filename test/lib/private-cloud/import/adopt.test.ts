import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { importCloud } from '../../../../lib/actions/cloud/import/import.ts';
import { loadAndCheck } from '../../../../lib/config/check.ts';
import { memoryFiles } from '../../../../lib/config/files.ts';
import { minimal, TODAY } from '../../config/minimal.ts';

const trees = join(import.meta.dirname, 'trees');
const folder = mkdtempSync(join(tmpdir(), 'tandem-import-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

interface Tree {
  readonly inventory: readonly string[];
  readonly globals: readonly string[];
  readonly config?: string;
}

const KOLLA = 'kolla-ansible/globals.yml';
const TREES: Readonly<Record<string, Tree>> = {
  multinode: { inventory: ['kolla-ansible/multinode'], globals: [KOLLA] },
  allinone: { inventory: ['kolla-ansible/all-in-one'], globals: [KOLLA] },
  kayobe: {
    inventory: ['kayobe/inventory', 'kayobe/environments/ci-aio/inventory'],
    globals: [
      ...['kayobe/kolla.yml', 'kayobe/kolla/globals.yml', 'kayobe/environments/ci-aio/kolla/globals.yml'],
      ...['kayobe/environments/ci-aio/networks.yml', 'kayobe/environments/ci-aio/network-allocation.yml'],
    ],
    config: 'kayobe/kolla/config',
  },
  osism: {
    inventory: ['osism/inventory'],
    globals: ['osism/environments/configuration.yml', 'osism/environments/kolla/configuration.yml'],
    config: 'osism/environments/kolla/files/overlays',
  },
  chameleon: {
    inventory: ['chameleon/inventory'],
    globals: ['chameleon/kolla/defaults.yml', 'chameleon/dev-in-a-box.yml'],
    config: 'chameleon/kolla/node_custom_config',
  },
};

const below = (path: string) => join(trees, path);
async function imported(
  name: string,
  { inventory, globals, config }: Tree = TREES[name] ?? { inventory: [], globals: [] },
) {
  const options = { inventory: inventory.map(below), globals: globals.map(below), name, overwrite: true };
  const result = await importCloud(
    { folder, root: folder },
    config === undefined ? options : { ...options, config: below(config) },
  );
  return { ...result, text: readFileSync(join(folder, result.file), 'utf8') };
}

/** Groups that are the same, and what the tree says and the cloud says otherwise: each has its reason in the report. */
const FIGURES: Readonly<Record<string, readonly [groups: number, differences: readonly string[]]>> = {
  multinode: [177, ['kolla_internal_vip_address', 'kolla_internal_fqdn', 'octavia_provider_drivers']],
  allinone: [177, ['kolla_internal_vip_address', 'kolla_internal_fqdn', 'octavia_provider_drivers']],
  kayobe: [176, ['deployment', 'kolla_base_distro', 'kolla_internal_fqdn', 'octavia_provider_drivers']],
  osism: [197, ['deployment', 'octavia_provider_drivers']],
  chameleon: [
    269,
    [
      'openstack_release',
      ...['hammers_openstack_password', 'encoded_ironic_pxe_root_password', 'redfish_monitor_openstack_password'],
      ...['kolla_internal_fqdn', 'kolla_external_fqdn', 'octavia_provider_drivers'],
    ],
  ],
};

/** Reasons that say nothing: a difference must not hide behind them. */
const VAGUE = [
  'a field of the cloud says it otherwise',
  'the cloud has other hosts there: state it in kolla.inventory',
];

describe.each(Object.keys(TREES))('the public tree %s', (name) => {
  it('renders to the same meaning, or each difference has its reason', async () => {
    const { comparison, cloud } = await imported(name);
    expect(cloud).toBe(name);
    // What Tandem adds, where neither the tree nor Kolla's defaults say anything, is told too and is not counted here.
    const own = comparison.differences.filter(({ what, tree }) => what !== 'file' && tree !== null);
    const names = own.map(({ name: each }) => each.replace(/^.*\.(?=ansible_)/, '*.'));
    expect([comparison.same.groups, [...new Set(names)]]).toEqual(FIGURES[name]);
    expect(comparison.differences.filter(({ reason }) => VAGUE.includes(reason))).toEqual([]);
  });

  it('is a cloud of which validate asks only what is open', async () => {
    const { text, open } = await imported(name);
    const files = { ...minimal(), [`config/clouds/${name}.yaml`]: text };
    const own = loadAndCheck(memoryFiles(files), TODAY).problems.filter(({ file }) => file.includes(`/${name}.yaml`));
    expect(own.filter(({ code }) => code !== 'open-choice')).toEqual([]);
    expect(own.map(({ path }) => path).sort()).toEqual(open.map(({ path }) => path).sort());
  });
});

describe('an import', () => {
  const refused = async (options: Partial<Parameters<typeof importCloud>[1]>) => {
    const whole = { inventory: [below('kolla-ansible/multinode')], globals: [below(KOLLA)], name: 'paris', ...options };
    return importCloud({ folder, root: folder }, whole).catch((error: unknown) => error);
  };

  it('keeps own groups, structure and templates, and leaves out what its name calls a secret', async () => {
    const { text, kept } = await imported('chameleon');
    const { kolla } = parse(text) as {
      kolla: { globals: Record<string, unknown>; inventory: { groups: Record<string, unknown> } };
    };
    expect(kolla.globals['blazar_usage_db_host']).toEqual({ expression: '{{ kolla_external_fqdn }}' });
    expect(kolla.globals['keystone_federation_oidc_allowed_redirects']).toEqual(
      ['horizon_url', 'keystone_public_url', 'identity_provider_url'].map((name) => ({
        expression: expect.stringMatching(new RegExp(`^\\^\\{\\{ ?${name} ?\\}\\}/$`)) as string,
      })),
    );
    expect(kolla.inventory.groups['keycloak_db']).toEqual({ children: ['keycloak'] });
    expect(kept.globals.filter((key) => /password|secret|token/.test(key))).toEqual([]);
  });

  it('leaves interfaces with the hosts that have their own', async () => {
    const { text } = await imported('osism');
    const { kolla, planes } = parse(text) as {
      kolla: { inventory: { groups: Record<string, { variables: Record<string, unknown> }> } };
      planes: { internal: Record<string, unknown> };
    };
    expect(planes.internal).toEqual({});
    expect(kolla.inventory.groups['testbed-nodes']?.variables['network_interface']).toEqual({
      expression: '{{ internal_interface }}',
    });
  });

  it('takes its own files over, but for what fields say, what Tandem writes whole and what holds a secret', async () => {
    const config = join(folder, 'overrides');
    const put = (path: string, text: string) => {
      mkdirSync(dirname(join(config, path)), { recursive: true });
      writeFileSync(join(config, path), text);
    };
    put('nova.conf', '[DEFAULT]\n# ours\ncpu_allocation_ratio = 8.0\nforce_config_drive = true\n');
    put('neutron/ml2_conf.ini', '[ml2]\npath_mtu = {{ mtu }}\n[ovn]\nenable_distributed_floating_ip = true\n');
    put('heat.conf', '[DEFAULT]\nnum_engine_workers = 4\n');
    put('keepalived/keepalived.conf', 'vrrp_instance x {}\n');
    put('nova/ceph.client.nova.keyring', '[client.nova]\n');
    const tree = { inventory: ['kolla-ansible/multinode'], globals: [KOLLA] };
    const { cloud, file, kept, comparison } = await importCloud(
      { folder, root: folder },
      { inventory: tree.inventory.map(below), globals: tree.globals.map(below), config, name: 'own', overwrite: true },
    );
    const own = (path: string) => readFileSync(join(folder, `config/clouds/${cloud}.kolla`, path), 'utf8');
    expect(kept.files).toEqual(['heat.conf', 'neutron/ml2_conf.ini', 'nova.conf']);
    expect(own('nova.conf')).toBe('[DEFAULT]\n# ours\nforce_config_drive = true\n');
    expect(parse(readFileSync(join(folder, file), 'utf8'))).toMatchObject({ overcommit: { vcpus: 8 } });
    const told = comparison.differences.filter(({ what, tree }) => what === 'file' && tree !== null);
    expect(told.map(({ name, tree, rendered }) => [name, tree, rendered])).toEqual([
      ['config/neutron/ml2_conf.ini', 'there', 'there'],
      ['config/nova.conf', 'there', 'there'],
      ['config/keepalived/keepalived.conf', 'there', null],
      ['config/neutron/ml2_conf.ini [ml2] path_mtu', '{{ mtu }}', null],
      ['config/nova/ceph.client.nova.keyring', 'there', null],
      ['config/nova.conf [DEFAULT] cpu_allocation_ratio', '8.0', null],
    ]);
  });

  it('writes times as kolla.timers, and leaves what stands beside them', async () => {
    const globals = join(folder, 'times.yml');
    const lines = [
      'haproxy_health_check: "check inter 3000 rise 4 fall 5"',
      'haproxy_check_timeout: "20s"',
      'ovn_remote_probe_interval: "30000"',
      'mariadb_wsrep_extra_provider_options: ["gcache.size=2G", "evs.suspect_timeout=PT10S", "evs.inactive_timeout=PT30S"]',
      'rabbitmq_server_additional_erl_args: "+S 4:4 -kernel net_ticktime 30"',
    ];
    writeFileSync(globals, `${lines.join('\n')}\n`);
    const config = join(folder, 'times');
    mkdirSync(config, { recursive: true });
    writeFileSync(join(config, 'global.conf'), '[oslo_messaging_rabbit]\nheartbeat_timeout_threshold = 60\n');
    const { file } = await importCloud(
      { folder, root: folder },
      { inventory: [below('kolla-ansible/multinode')], globals: [globals], config, name: 'times', overwrite: true },
    );
    const { kolla } = parse(readFileSync(join(folder, file), 'utf8')) as { kolla: Record<string, object> };
    expect(kolla['timers']).toEqual({
      ...{ checkInterval: 3, checkFallCount: 5, checkRiseCount: 4, checkTimeout: 20, ovnControllerProbe: 30 },
      ...{ galeraSuspect: 10, galeraInactive: 30, netTick: 30, amqpHeartbeat: 60 },
    });
    expect(kolla['globals']).toMatchObject({
      mariadb_wsrep_extra_provider_options: ['gcache.size=2G'],
      rabbitmq_server_additional_erl_args: '+S 4:4',
    });
    expect(
      Object.keys(kolla['globals'] ?? {}).filter((name) => /haproxy_(?:health|check)|ovn_remote/.test(name)),
    ).toEqual([]);
  });

  it('tells what cannot be read with file and line, and goes on', async () => {
    const { remarks } = await imported('kayobe');
    expect(remarks.map(({ path, line }) => `${path.slice(trees.length + 1)}:${line}`)).toEqual([
      ...[23, 37, 39, 41, 42, 55].map((line) => `kayobe/kolla/globals.yml:${line}`),
      'kayobe/environments/ci-aio/kolla/globals.yml:19',
    ]);
  });

  it('fails for what is no tree: a folder, a binary, nothing, no hosts, a name that no cloud has', async () => {
    const told = async (options: Partial<Parameters<typeof importCloud>[1]>) => {
      const { code, message } = (await refused({ overwrite: true, ...options })) as { code: string; message: string };
      return `${code} ${message.replaceAll(trees, '').replaceAll(folder, '')}`;
    };
    writeFileSync(join(folder, 'binary'), Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2, 0xff]));
    writeFileSync(join(folder, 'large'), '#'.repeat(5 * 1024 * 1024));
    writeFileSync(join(folder, 'empty'), '[seed]\n');
    writeFileSync(join(folder, 'elsewhere'), '[web]\nweb1\n');
    expect(await told({ globals: [below('kolla-ansible')] })).toBe(
      'import-unreadable /kolla-ansible:1: it is a folder',
    );
    expect(await told({ globals: [join(folder, 'absent')] })).toBe(
      'import-unreadable /absent:1: there is no such file',
    );
    expect(await told({ inventory: [join(folder, 'absent')] })).toBe(
      'import-unreadable /absent:1: there is no such file',
    );
    expect(await told({ globals: [join(folder, 'binary')] })).toContain('import-unreadable /binary:1: ');
    expect(await told({ globals: [join(folder, 'large')] })).toContain('import-unreadable /large:1: it has 5.0 MiB');
    expect(await told({ inventory: [join(folder, 'empty')] })).toContain('import-without-hosts /empty has no host');
    expect(await told({ inventory: [join(folder, 'elsewhere')] })).toContain(
      'import-without-hosts /elsewhere has no host',
    );
    expect(await told({ config: join(folder, 'absent') })).toBe('import-unreadable /absent:1: it is no folder');
    expect(await told({ name: 'all-in-one' })).toContain('import-nameless got "all-in-one"');
    await imported('multinode');
    expect(await told({ name: 'multinode', overwrite: false })).toBe(
      'import-exists config/clouds/multinode.yaml is there already; nothing was written',
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diffTerraform } from '../../../../lib/engines/terraform/difference.ts';

type Json = Readonly<Record<string, unknown>>;

const server = (body: Json = {}): Json => ({
  name: 'web-1',
  flavor_name: 'small',
  availability_zone: 'debian',
  ...body,
});
const root = (resources: Json, rest: Json = {}): string => JSON.stringify({ ...rest, resource: resources });
const servers = (byName: Json, rest: Json = {}): string => root({ openstack_compute_instance_v2: byName }, rest);
const WEB = 'openstack_compute_instance_v2.web-1';

describe('the difference of Terraform roots', () => {
  it('is empty for the same root, whatever its metadata and order', () => {
    const a = servers({ 'web-1': { '//': { path: 'x' }, ...server() } });
    const b = servers({
      'web-1': { availability_zone: 'debian', flavor_name: 'small', name: 'web-1', '//': { path: 'y' } },
    });
    expect(diffTerraform(a, b)).toEqual([]);
  });

  it('updates what can be changed in place, and replaces what cannot', () => {
    const update = diffTerraform(servers({ 'web-1': server() }), servers({ 'web-1': server({ name: 'front' }) }));
    expect(update).toMatchObject([{ address: WEB, action: 'update', attributes: [{ path: 'name', after: 'front' }] }]);
    const replace = diffTerraform(
      servers({ 'web-1': server() }),
      servers({ 'web-1': server({ availability_zone: 'ubuntu' }) }),
    );
    expect(replace).toMatchObject([
      { action: 'replace', attributes: [{ path: 'availability_zone', forcesReplacement: true }] },
    ]);
    expect(replace[0]?.reasons).toEqual([
      'CAUTION: it takes everything on the root disk of the server with it',
      'availability_zone cannot be changed in place',
    ]);
  });

  it('moves what a moved block renames, and everything that refers to it stays', () => {
    const port = { name: 'p', device_id: `\${${WEB}.id}` };
    const before = root({
      openstack_compute_instance_v2: { 'web-1': server() },
      openstack_networking_port_v2: { p: port },
    });
    const after = root(
      {
        openstack_compute_instance_v2: { first: server() },
        openstack_networking_port_v2: { p: { ...port, device_id: '${openstack_compute_instance_v2.first.id}' } },
      },
      { moved: [{ from: WEB, to: 'openstack_compute_instance_v2.first' }] },
    );
    expect(diffTerraform(before, after)).toMatchObject([
      {
        address: 'openstack_compute_instance_v2.first',
        action: 'move',
        reasons: [`its address was ${WEB}`],
        attributes: [],
      },
    ]);
  });

  it('hints at a moved block where an equal resource goes and comes', () => {
    const changes = diffTerraform(servers({ 'web-1': server() }), servers({ first: server() }));
    expect(changes.map((change) => change.action)).toEqual(['create', 'delete']);
    expect(changes[1]?.reasons).toEqual([
      'CAUTION: it takes everything on the root disk of the server with it',
      'looks renamed to openstack_compute_instance_v2.first: add a moved block from openstack_compute_instance_v2.web-1 to openstack_compute_instance_v2.first',
    ]);
    const twins = diffTerraform(servers({ a: server(), b: server() }), servers({ c: server(), d: server() }));
    expect(twins.flatMap((change) => change.reasons).join()).not.toContain('renamed');
  });

  it('imports, and removes from state, what import and removed blocks say', () => {
    const none = servers({});
    const imported = servers({ 'web-1': server() }, { import: [{ to: WEB, id: 'abc' }] });
    expect(diffTerraform(none, imported)).toMatchObject([
      { action: 'import', reasons: ['it exists already, as abc, and is imported'] },
    ]);
    const kept = servers({}, { removed: [{ from: WEB, lifecycle: [{ destroy: false }] }] });
    expect(diffTerraform(imported, kept)).toMatchObject([{ action: 'forget' }]);
    expect(diffTerraform(imported, none)).toMatchObject([{ action: 'delete' }]);
  });

  describe('with lifecycle', () => {
    const after = (lifecycle: Json, body: Json) => servers({ 'web-1': server({ lifecycle, ...body }) });

    it('leaves alone what is ignored', () => {
      const before = after({ ignore_changes: ['availability_zone'] }, {});
      expect(
        diffTerraform(before, after({ ignore_changes: ['availability_zone'] }, { availability_zone: 'x' })),
      ).toMatchObject([{ action: 'update', noise: true, attributes: [] }]);
      expect(
        diffTerraform(
          before,
          after({ ignore_changes: ['availability_zone'] }, { availability_zone: 'x', flavor_name: 'l' }),
        ),
      ).toMatchObject([{ action: 'interrupt', noise: false, attributes: [{ path: 'flavor_name' }] }]);
    });

    it('cautions where protection goes, and where it will refuse', () => {
      const guarded = after({ prevent_destroy: true }, {});
      expect(diffTerraform(guarded, servers({ 'web-1': server() }))).toMatchObject([
        { action: 'update', noise: false, reasons: ['CAUTION: it is no longer protected against destruction'] },
      ]);
      expect(
        diffTerraform(guarded, after({ prevent_destroy: true }, { availability_zone: 'x' }))[0]?.reasons,
      ).toContain('CAUTION: lifecycle.prevent_destroy will refuse it');
    });

    it('replaces with what triggers it, and says when the new one comes first', () => {
      const volume = (size: number) => ({
        openstack_blockstorage_volume_v3: { data: { size, availability_zone: 'a' } },
      });
      const triggered = server({
        lifecycle: { replace_triggered_by: ['openstack_blockstorage_volume_v3.data'], create_before_destroy: true },
      });
      const at = (size: number) => root({ ...volume(size), openstack_compute_instance_v2: { 'web-1': triggered } });
      expect(diffTerraform(at(1), at(2)).find((change) => change.address === WEB)).toMatchObject({
        action: 'replace',
        reasons: [
          'CAUTION: it takes everything on the root disk of the server with it',
          'lifecycle.replace_triggered_by: openstack_blockstorage_volume_v3.data changes',
          'the new one is created before the old one is destroyed',
        ],
      });
    });

    it('folds a change of order only', () => {
      const before = servers({ 'web-1': server() });
      expect(diffTerraform(before, servers({ 'web-1': server({ depends_on: ['x.y'] }) }))).toMatchObject([
        { noise: true, reasons: ['only its dependencies change'] },
      ]);
    });
  });

  it('changes what reads a data block that looks up something else, through further data blocks and outputs', () => {
    const at = (domain: string) =>
      root(
        {
          openstack_identity_project_v3: { p: { name: 'p', domain_id: '${data.openstack_identity_project_v3.d.id}' } },
          openstack_identity_role_assignment_v3: {
            r: {
              project_id: '${openstack_identity_project_v3.p.id}',
              role_id: 'x',
              user_id: '${data.openstack_identity_user_v3.u.id}',
            },
          },
        },
        {
          data: {
            openstack_identity_project_v3: { d: { name: domain, is_domain: true } },
            openstack_identity_user_v3: { u: { name: 'kim', domain_id: '${data.openstack_identity_project_v3.d.id}' } },
          },
          output: {
            id: { value: '${openstack_identity_project_v3.p.id}' },
            name: { value: '${openstack_identity_project_v3.p.name}' },
          },
        },
      );
    const changes = diffTerraform(at('a'), at('b'));
    expect(changes.map((change) => [change.address, change.action])).toEqual([
      ['data.openstack_identity_project_v3.d', 'update'],
      ['data.openstack_identity_user_v3.u', 'update'],
      ['openstack_identity_project_v3.p', 'replace'],
      ['openstack_identity_role_assignment_v3.r', 'replace'],
      ['output.id', 'update'],
    ]);
    expect(changes[2]?.attributes).toMatchObject([{ path: 'domain_id', afterUnknown: true, forcesReplacement: true }]);
    expect(changes[2]?.reasons).toEqual([
      'CAUTION: it takes everything that the project owns with it',
      'refers to data.openstack_identity_project_v3.d, which looks up something else',
    ]);
    expect(changes[4]?.attributes).toMatchObject([{ path: 'value', afterUnknown: true }]);
  });

  it('takes a data block of another name for the same, and one that is not said any more for kept', () => {
    const at = (name: string, rest: Json) =>
      root(
        {
          openstack_networking_network_v2: {
            n: { name: 'n', tenant_id: `\${data.openstack_identity_project_v3.${name}.id}`, ...rest },
          },
        },
        { data: { openstack_identity_project_v3: { [name]: { name: 'p' } } } },
      );
    expect(diffTerraform(at('a', {}), at('b', {}))).toEqual([]);
    expect(diffTerraform(at('a', { mtu: 1400 }), at('a', {}))).toMatchObject([
      { action: 'update', noise: true, reasons: ["the cloud's mtu stays, which is no longer said"] },
    ]);
  });

  it('replaces what hangs on a replaced resource by an argument that forces it, and only that', () => {
    const at = (zone: string) =>
      root({
        openstack_networking_network_v2: { net: { name: 'n', availability_zone_hints: [zone], tenant_id: zone } },
        openstack_networking_subnet_v2: {
          sub: { network_id: '${openstack_networking_network_v2.net.id}', cidr: '10.0.0.0/24' },
        },
        openstack_networking_secgroup_v2: { sg: { name: '${openstack_networking_network_v2.net.name}' } },
      });
    const changes = diffTerraform(at('a'), at('b'));
    expect(changes.map((change) => [change.address, change.action])).toEqual([
      ['openstack_networking_network_v2.net', 'replace'],
      ['openstack_networking_subnet_v2.sub', 'replace'],
    ]);
    expect(changes[1]?.attributes).toMatchObject([{ path: 'network_id', afterUnknown: true, forcesReplacement: true }]);
  });

  it('knows a value before apply unless a new resource has to tell it', () => {
    const net = { openstack_networking_network_v2: { net: { name: 'n' } } };
    const subnet = (id: string) => ({ openstack_networking_subnet_v2: { sub: { network_id: id, name: 's' } } });
    const [, created] = diffTerraform(
      root({}),
      root({ ...net, ...subnet('${openstack_networking_network_v2.net.id}') }),
    );
    expect(created?.attributes.find((each) => each.path === 'network_id')?.afterUnknown).toBe(true);
    const [known] = diffTerraform(
      root({ ...net, ...subnet('x') }),
      root({ ...net, ...subnet('${openstack_networking_network_v2.net.id}') }),
    );
    expect(known?.attributes[0]?.afterUnknown).toBe(false);
  });

  it('cautions before data is lost', () => {
    const volume = (zone: string) =>
      root({ openstack_blockstorage_volume_v3: { data: { size: 1, availability_zone: zone } } });
    expect(diffTerraform(volume('a'), volume('b'))[0]?.reasons[0]).toBe(
      'CAUTION: it takes the data on the volume with it',
    );
    expect(diffTerraform(volume('a'), root({}))[0]?.reasons[0]).toMatch(/^CAUTION/);
  });

  it('never shows a secret, inside whole blocks neither', () => {
    const site = (psk: string) => root({ openstack_vpnaas_site_connection_v2: { to: { psk, name: 'x' } } });
    const text = JSON.stringify([
      diffTerraform(site('s3cret'), site('0ther')),
      diffTerraform(undefined, site('s3cret')),
      diffTerraform(site('s3cret'), root({})),
    ]);
    expect(text).not.toMatch(/s3cret|0ther/);
    const output = (value: string) => JSON.stringify({ output: { key: { value, sensitive: true } } });
    expect(JSON.stringify(diffTerraform(output('s3cret'), output('0ther')))).not.toMatch(/s3cret|0ther/);
  });

  it('cautions where the provider is aimed elsewhere, or the state moves', () => {
    const at = (cloud: string, path: string) =>
      JSON.stringify({ provider: { openstack: [{ cloud }] }, terraform: { backend: { local: { path } } } });
    expect(
      diffTerraform(at('a', 'x'), at('b', 'y')).map((change) => [change.address, change.reasons[0]?.slice(0, 8)]),
    ).toEqual([
      ['provider.openstack', 'CAUTION:'],
      ['terraform.backend', 'CAUTION:'],
    ]);
  });

  it('is some exactly where two roots mean different things', () => {
    const bodies = fc.dictionary(
      fc.constantFrom('name', 'flavor_name', 'availability_zone', 'tags'),
      fc.oneof(fc.constantFrom('a', 'b'), fc.array(fc.constantFrom('x', 'y'), { maxLength: 2 })),
    );
    const roots = fc.dictionary(fc.constantFrom('one', 'two'), bodies).map((each) => servers(each));
    fc.assert(
      fc.property(roots, (a) => {
        expect(diffTerraform(a, a)).toEqual([]);
      }),
    );
    fc.assert(
      fc.property(roots, roots, (a, b) => {
        const neutral = (text: string) => {
          const { resource } = JSON.parse(text) as {
            resource: { openstack_compute_instance_v2: Record<string, Record<string, unknown>> };
          };
          const entries = Object.entries(resource.openstack_compute_instance_v2).sort();
          return JSON.stringify(
            entries.map(([name, each]) => [
              name,
              Object.entries(each)
                .map(([key, v]) => [key, Array.isArray(v) && key === 'tags' ? [...v].sort() : v])
                .sort(),
            ]),
          );
        };
        expect(diffTerraform(a, b).length > 0).toBe(neutral(a) !== neutral(b));
      }),
    );
  });
});

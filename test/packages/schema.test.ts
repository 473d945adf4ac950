import { forceNew, isKnown, isSensitive, withoutIndexes } from '@cdktf/provider-openstack/schema';
import { describe, expect, it } from 'vitest';
import { readForceNew } from '../../packages/provider-openstack/scripts/sources.mts';

describe('forceNew', () => {
  it('holds what replaces a server', () => {
    expect([...forceNew('openstack_compute_instance_v2')]).toEqual(
      expect.arrayContaining(['user_data', 'key_pair', 'network.port', 'scheduler_hints.group']),
    );
  });

  it('leaves out what changes a server in place', () => {
    expect(forceNew('openstack_compute_instance_v2').has('name')).toBe(false);
    expect(forceNew('openstack_compute_instance_v2').has('flavor_id')).toBe(false);
  });

  it('is the union over both provider versions, for every resource', () => {
    for (const byType of Object.values(readForceNew())) {
      for (const [type, paths] of Object.entries(byType)) {
        expect(paths.filter((path) => !forceNew(type).has(path))).toEqual([]);
      }
    }
  });

  it('is empty for a resource that the provider does not have', () => {
    expect(forceNew('aws_instance').size).toBe(0);
    expect(isKnown('aws_instance')).toBe(false);
  });
});

describe('isSensitive', () => {
  it.each([
    ['openstack_identity_user_v3', 'password'],
    ['openstack_identity_application_credential_v3', 'secret'],
    ['openstack_keymanager_secret_v1', 'payload'],
    ['openstack_blockstorage_volume_attach_v3', 'data.auth_password'],
    ['openstack_db_instance_v1', 'user[0].password'],
    ['openstack_db_instance_v1', 'user.0.password'],
  ])('hides %s %s', (type, path) => {
    expect(isSensitive(type, path)).toBe(true);
  });

  it('hides a whole block that holds a secret', () => {
    expect(isSensitive('openstack_db_instance_v1', 'user')).toBe(true);
  });

  it("hides a VPN's shared key, which the provider's schema does not mark", () => {
    expect(isSensitive('openstack_vpnaas_site_connection_v2', 'psk')).toBe(true);
  });

  it('shows the rest', () => {
    expect(isSensitive('openstack_identity_user_v3', 'name')).toBe(false);
    expect(isSensitive('openstack_identity_user_v3', 'password_policy')).toBe(false);
    expect(isSensitive('aws_instance', 'password')).toBe(false);
  });
});

describe('withoutIndexes', () => {
  it.each([
    ['network[0].port', 'network.port'],
    ['network.0.port', 'network.port'],
    ['tags.1', 'tags'],
    ['access_ip_v4', 'access_ip_v4'],
    ['metadata.2a', 'metadata.2a'],
  ])('reads %s as %s', (path, plain) => {
    expect(withoutIndexes(path)).toBe(plain);
  });
});

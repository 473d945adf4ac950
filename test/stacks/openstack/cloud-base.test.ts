import { describe, expect, it } from 'vitest';
import { addresses, resource } from '../../lib/openstack/synth.ts';
import { buildBase } from './build.ts';
import { inputsOf } from './inputs.ts';

const { root, citations } = buildBase(inputsOf());

describe('a cloud', () => {
  it('has its things at addresses that people can type', () => {
    expect(addresses(root)).toEqual([
      'openstack_blockstorage_volume_type_v3.volume-type-fast',
      'openstack_blockstorage_volume_type_v3.volume-type-standard',
      'openstack_compute_aggregate_v2.zone-rack-a',
      'openstack_compute_aggregate_v2.zone-rack-b',
      'openstack_compute_flavor_v2.flavor-large',
      'openstack_compute_flavor_v2.flavor-small',
      'openstack_dns_zone_v2.dns-zone',
      'openstack_images_image_v2.image-debian',
      'openstack_images_image_v2.image-own',
      'openstack_networking_addressscope_v2.tenants',
      'openstack_networking_network_v2.network-public',
      'openstack_networking_network_v2.network-storage',
      'openstack_networking_subnet_v2.network-public_subnet',
      'openstack_networking_subnet_v2.network-storage_subnet',
      'openstack_networking_subnetpool_v2.tenants_dev',
      'openstack_networking_subnetpool_v2.tenants_small',
    ]);
  });

  it('has a zone of the compute hosts of its racks', () => {
    expect(resource(root, 'openstack_compute_aggregate_v2.zone-rack-a')).toMatchObject({
      zone: 'rack-a',
      hosts: ['compute-a-1', 'compute-a-2'],
    });
  });

  it('shows images to all', () => {
    expect(resource(root, 'openstack_images_image_v2.image-debian')['visibility']).toBe('public');
  });

  it('finds an image that is a file of the project from where Terraform runs', () => {
    expect(resource(root, 'openstack_images_image_v2.image-own')['local_file_path']).toBe('../../../images/own.raw');
  });

  it('gives a volume type to the back end that it names', () => {
    expect(resource(root, 'openstack_blockstorage_volume_type_v3.volume-type-fast')['extra_specs']).toEqual({
      volume_backend_name: 'nvme',
    });
  });

  it('says whose everything is', () => {
    const silent = addresses(root).filter(
      (address) => !JSON.stringify(resource(root, address)).includes('cloud@acme.example.org'),
    );
    // An address scope has a name and nothing else.
    expect(silent).toEqual(['openstack_networking_addressscope_v2.tenants']);
  });

  it('leads from every resource to the configuration', () => {
    expect([...citations].filter(([, cited]) => cited.length === 0)).toEqual([]);
  });
});

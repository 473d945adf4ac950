import { BlockstorageVolumeTypeV3 } from '@cdktf/provider-openstack/lib/blockstorage-volume-type-v3';
import { ComputeAggregateV2 } from '@cdktf/provider-openstack/lib/compute-aggregate-v2';
import { ComputeFlavorV2 } from '@cdktf/provider-openstack/lib/compute-flavor-v2';
import { ImagesImageV2, type ImagesImageV2Config } from '@cdktf/provider-openstack/lib/images-image-v2';
import type { Construct } from 'constructs';
import { hostsOfZone } from '../../lib/config/hosts.ts';
import type { Named } from '../../lib/config/project.ts';
import type { Cloud } from '../../lib/config/schema/cloud.ts';
import type { Organisation } from '../../lib/config/schema/organisation.ts';
import { attributeOf } from '../../lib/openstack/expression.ts';
import { Names } from '../../lib/openstack/names.ts';
import { keepsWhatItWasMadeFrom } from '../../lib/openstack/pinned.ts';
import { addProvider } from '../../lib/openstack/provider.ts';
import { ProviderNetwork } from '../../lib/openstack/provider-network.ts';
import { TandemTerraformStack } from '../../lib/openstack/tandem-terraform-stack.ts';
import { TenantPools } from '../../lib/openstack/tenant-pools.ts';
import { cite } from '../../lib/stack/cite.ts';
import { ref, type TypedRef } from '../../lib/stack/config-ref.ts';
import { StackId } from '../../lib/stack/id.ts';
import { type Ownership, ownershipMap, ownershipTags, ownershipText } from '../../lib/stack/ownership.ts';
import { addOutput } from './output.ts';
import { stateLocationOf } from './state-location.ts';

export interface CloudBaseInputs {
  readonly organisation: Named<Organisation>;
  readonly cloud: Named<Cloud>;
}

/** What a cloud has before its first dev environment, in the project of whoever runs it. */
export class CloudBaseStack extends TandemTerraformStack {
  readonly #cloud: Cloud;
  readonly #ownership: Ownership;
  readonly #tags: readonly string[];
  readonly #from: TypedRef<Cloud>;

  constructor(scope: Construct, { organisation, cloud }: CloudBaseInputs) {
    super(scope, StackId.cloudBase(cloud.name), stateLocationOf(organisation.value));
    const { name, contact } = organisation.value.organisation;
    this.#cloud = cloud.value;
    this.#ownership = { organisation: name, owner: contact, environment: cloud.name, stack: this.stackId };
    this.#tags = ownershipTags(this.#ownership);
    this.#from = ref('cloud', cloud.name);
    cite(addProvider(this, cloud.value.endpoint), this.#from.at('endpoint'));
    this.#addImages();
    this.#addFlavors();
    this.#addVolumeTypes();
    this.#addZones();
    const networks = this.#addNetworks();
    const pools = this.#addTenantPools();
    this.#addDnsZone();
    addOutput(this, 'networks', 'Ids of the provider networks', networks);
    addOutput(this, 'tenant_pools', 'Ids of the subnet pools that dev environments are cut from', pools);
    addOutput(this, 'dns_zone', 'Zone under which every dev environment has its own', cloud.value.dns.zone);
  }

  #describe(what: string): string {
    return ownershipText(what, this.#ownership);
  }

  /** Public: whoever has a project starts servers from them. */
  #addImages(): void {
    for (const [name, image] of Object.entries(this.#cloud.images)) {
      const resource = new ImagesImageV2(this, `image-${name}`, {
        name,
        containerFormat: 'bare',
        diskFormat: image.format,
        visibility: 'public',
        minDiskGb: image.minimumDiskGiB,
        minRamMb: image.minimumMemoryMiB,
        tags: [...this.#tags],
        ...imageSource(image),
        lifecycle: keepsWhatItWasMadeFrom('openstack_images_image_v2'),
      });
      const from = this.#from.at('images', name);
      cite(resource, from, {
        local_file_path: from.at('file'),
        image_source_url: from.at('url'),
        disk_format: from.at('format'),
        min_disk_gb: from.at('minimumDiskGiB'),
        min_ram_mb: from.at('minimumMemoryMiB'),
      });
    }
  }

  #addFlavors(): void {
    for (const [name, flavor] of Object.entries(this.#cloud.flavors)) {
      const resource = new ComputeFlavorV2(this, `flavor-${name}`, {
        name,
        description: this.#describe(`flavor ${name}`),
        vcpus: flavor.vcpus,
        ram: flavor.memoryMiB,
        disk: flavor.diskGiB,
        isPublic: true,
      });
      const from = this.#from.at('flavors', name);
      cite(resource, from, {
        vcpus: from.at('vcpus'),
        ram: from.at('memoryMiB'),
        disk: from.at('diskGiB'),
      });
    }
  }

  #addVolumeTypes(): void {
    for (const [name, type] of Object.entries(this.#cloud.storage.volumeTypes)) {
      const resource = new BlockstorageVolumeTypeV3(this, `volume-type-${name}`, {
        name,
        description: this.#describe(type.description ?? `volume type ${name}`),
        isPublic: true,
        ...(type.backend === undefined ? {} : { extraSpecs: { volume_backend_name: type.backend } }),
      });
      const from = this.#from.at('storage', 'volumeTypes', name);
      cite(resource, from, {
        description: from.at('description'),
        extra_specs: from.at('backend'),
      });
    }
  }

  /** A zone is the compute hosts of its racks: what fails together is in one. */
  #addZones(): void {
    for (const zone of Object.keys(this.#cloud.zones)) {
      const resource = new ComputeAggregateV2(this, `zone-${zone}`, {
        name: zone,
        zone,
        hosts: hostsOfZone(this.#cloud, zone).map((host) => host.name),
        metadata: ownershipMap(this.#ownership),
      });
      const from = this.#from.at('zones', zone);
      cite(resource, from, { zone: from, hosts: from.at('racks') });
    }
  }

  #addNetworks(): Record<string, string> {
    const ids: Record<string, string> = {};
    for (const [name, network] of Object.entries(this.#cloud.networks)) {
      const made = new ProviderNetwork(this, `network-${name}`, {
        ...network,
        name,
        description: this.#describe(`provider network ${name}`),
        tags: this.#tags,
      });
      const from = this.#from.at('networks', name);
      cite(made.network, from, {
        external: from.at('external'),
        segments: from.at('physicalNetwork'),
      });
      cite(made.subnet, from, {
        cidr: from.at('cidr'),
        gateway_ip: from.at('gateway'),
        allocation_pool: from.at('allocation'),
        dns_nameservers: from.at('nameServers'),
      });
      ids[name] = attributeOf(made.network);
    }
    return ids;
  }

  #addTenantPools(): Record<string, string> {
    const pools = Object.entries(this.#cloud.tenants).map(([name, pool]) => ({ name, ...pool }));
    const made = new TenantPools(this, 'tenants', {
      name: 'tenants',
      description: this.#describe('networks of projects'),
      tags: this.#tags,
      pools,
    });
    cite(made.scope, this.#from.at('tenants'));
    const ids: Record<string, string> = {};
    for (const [name, pool] of made.pools) {
      const from = this.#from.at('tenants', name);
      cite(pool, from, { prefixes: from.at('cidr'), default_prefixlen: from.at('prefixLength') });
      ids[name] = attributeOf(pool);
    }
    return ids;
  }

  #addDnsZone(): void {
    const { zone, email, ttlSeconds } = this.#cloud.dns;
    const names = new Names(this, 'dns-zone', {
      zone,
      email,
      ttlSeconds,
      description: this.#describe('zone of the cloud'),
    });
    const from = this.#from.at('dns');
    cite(names.zone, from, {
      name: from.at('zone'),
      email: from.at('email'),
      ttl: from.at('ttlSeconds'),
    });
  }
}

/** The deployer brings images to Glance: not every Glance may fetch from outside by itself. */
function imageSource(image: Cloud['images'][string]): Pick<ImagesImageV2Config, 'imageSourceUrl' | 'localFilePath'> {
  if (image.url !== undefined) return { imageSourceUrl: image.url };
  if (image.file === undefined) return {};
  // Terraform runs three folders below the project.
  return { localFilePath: image.file.startsWith('/') ? image.file : `../../../${image.file}` };
}

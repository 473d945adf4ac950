/**
 * A stack of your own with cdktf: a network for a package mirror. Copy this file to stacks/custom/, and `tandem plan`, `tandem synth`
 * and `cdktn synth` have `custom/mirror`.
 */
import { NetworkingNetworkV2 } from '@cdktf/provider-openstack/lib/networking-network-v2';
import { OpenstackProvider } from '@cdktf/provider-openstack/lib/provider';
import { TerraformStack } from 'cdktf';
import { cite } from '../../lib/stack/cite.ts';
import { ref } from '../../lib/stack/config-ref.ts';
import { defineStack } from '../define-stack.ts';

export const stack = defineStack({
  name: 'mirror',
  engine: 'cdktn',
  inputs: (project) => {
    const cloud = project.organisation.value.defaultCloud;
    return { cloud, endpoint: project.clouds.get(cloud)?.value.endpoint };
  },
  dependsOn: [],
  build: (app, id, { cloud, endpoint }) => {
    const made = new TerraformStack(app, id);
    new OpenstackProvider(made, 'openstack', endpoint === undefined ? {} : { cloud: endpoint.cloudsYaml });
    cite(new NetworkingNetworkV2(made, 'network', { name: 'mirror' }), ref('cloud', cloud, 'endpoint'));
    return made;
  },
});

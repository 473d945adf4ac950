/**
 * A stack of your own with cdktf: a network for a package mirror. Copy this file to stacks/custom/, and `tandem plan`, `tandem synth`
 * and `cdktn synth` have `custom/mirror`.
 */
import { TerraformStack } from 'cdktf';
import { cite, defineStack, ref } from 'tandem';
import { NetworkingNetworkV2 } from 'tandem/openstack/networking-network-v2';
import { OpenstackProvider } from 'tandem/openstack/provider';

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
    cite(new NetworkingNetworkV2(made, 'network', { name: 'mirror' }), ref('cloud', cloud).at('endpoint'));
    return made;
  },
});

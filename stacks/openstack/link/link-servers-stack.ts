import type { OpenstackProvider } from '@cdktf/provider-openstack/lib/provider';
import { TerraformVariable } from 'cdktf';
import type { Construct } from 'constructs';
import type { TierSoftware } from '../../../lib/bring-up/tier-software.ts';
import { bringUpUserData } from '../../../lib/bring-up/user-data.ts';
import { loginUserOf } from '../../../lib/config/choices.ts';
import { variableOf } from '../../../lib/openstack/expression.ts';
import { addProjectProvider } from '../../../lib/openstack/provider.ts';
import { accessScript, joinUserData } from '../../../lib/openstack/user-data.ts';
import { cite } from '../../../lib/stack/cite.ts';
import type { StackId } from '../../../lib/stack/id.ts';
import type { Take } from '../../../lib/stack/synthesized.ts';
import { BootSecretsStack } from '../boot-secrets-stack.ts';
import { stateLocationOf } from '../state-location.ts';
import { type LinkContext, type LinkInputs, linkContextOf } from './context.ts';
import { PROJECT } from './takes.ts';

/** Servers of a link, in the project that its addresses are in. What other stacks tell them are its variables. */
export class LinkServersStack extends BootSecretsStack {
  protected readonly context: LinkContext;
  protected readonly provider: OpenstackProvider;

  constructor(scope: Construct, id: StackId, inputs: LinkInputs, takes: readonly Take[]) {
    super(scope, id, stateLocationOf(inputs.organisation.value));
    this.context = linkContextOf(inputs, id);
    const { cloud, refs } = this.context;
    cite(this, refs.link);
    for (const { name } of takes)
      new TerraformVariable(this, `Variable-${name.replaceAll('_', '-')}`, { type: 'string' }).overrideLogicalId(name);
    const { authUrl, region } = cloud.endpoint;
    this.provider = addProjectProvider(this, { authUrl, region, projectId: variableOf(PROJECT) });
    cite(this.provider, refs.cloud.at('endpoint'));
  }

  /** What brings a server up on the image of the gateways, which all servers of a link have. */
  protected userDataOf(software: TierSoftware): string {
    const { cloud, link } = this.context;
    return joinUserData([bringUpUserData(software), accessScript(loginUserOf(cloud, link.gateways.image))]);
  }
}

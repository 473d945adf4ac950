import type { ServerSecrets } from '../../lib/components/boot-secrets.ts';
import { TandemTerraformStack } from '../../lib/openstack/tandem-terraform-stack.ts';

/** A root that says what each server's secrets are called, where `deploy` finds it: Terraform reads nothing in there. */
export class BootSecretsStack extends TandemTerraformStack {
  /** By the name of the server. */
  protected bootSecrets: Readonly<Record<string, ServerSecrets>> = {};

  override toTerraform(): Record<string, unknown> {
    const root = super.toTerraform() as Record<string, unknown>;
    if (Object.keys(this.bootSecrets).length === 0) return root;
    return { ...root, '//': { ...(root['//'] as object | undefined), bootSecrets: this.bootSecrets } };
  }
}

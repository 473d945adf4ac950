import { TerraformOutput } from 'cdktf';
import type { Construct } from 'constructs';

/** An output under a name that scripts read, whatever the construct around it is called. */
export function addOutput(scope: Construct, name: string, description: string, value: unknown): void {
  const id = `Output-${name.replaceAll('_', '-')}`;
  new TerraformOutput(scope, id, { value, description }).overrideLogicalId(name);
}

import { rootStack } from './root-stack.ts';

const id = 'openstack/lab/link';
/** A stack that takes a value of another one. */
export const stack = rootStack(id, {
  terraform: { backend: { local: { path: `../../../.tandem/state/${id}.tfstate` } } },
  variable: { tunnel_11: { type: 'string' }, tier: { type: 'string', default: 'small' } },
  resource: { terraform_data: { gateway: { input: `\${var.tunnel_11} \${var.tier}` } } },
  output: { tunnel: { value: `\${terraform_data.gateway.output}` } },
});

/**
 * The yardstick for synthesis: the same resources with the same arguments, in one plain cdktn App and one process, with nothing read,
 * checked, cited or cached. Arguments: a file of the resources of one lease, the name in it to replace, and the number of leases.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { OpenstackProvider } from '@cdktf/provider-openstack/lib/provider';
import { App, LocalBackend, TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';

type Resource = new (scope: Construct, id: string, config: Readonly<Record<string, unknown>>) => unknown;

interface Lease {
  readonly resources: readonly {
    module: string;
    class: string;
    id: string;
    config: Readonly<Record<string, unknown>>;
  }[];
}

const [file = '', name = '', count = '1'] = process.argv.slice(2);
// What anybody who minds speed sets; the difference is then Tandem's own.
process.env['CDKTN_DISABLE_CREATION_STACK'] = '1';
const require = createRequire(import.meta.url);
const text = readFileSync(file, 'utf8');
const app = new App({ stackTraces: false, outdir: 'cdktf.out' });
for (let index = 0; index < Number(count); index += 1) {
  const lease = `lease-${String(index).padStart(4, '0')}`;
  const { resources } = JSON.parse(text.replaceAll(name, lease)) as Lease;
  const stack = new TerraformStack(app, `openstack-paris-dev-${lease}`);
  new LocalBackend(stack, { path: `../../../${lease}.tfstate` });
  new OpenstackProvider(stack, 'openstack', { cloud: 'paris' });
  const inProject = new OpenstackProvider(stack, 'in-project', { cloud: 'paris', alias: 'project' });
  for (const each of resources) {
    const made = (require(`@cdktf/provider-openstack/lib/${each.module}`) as Record<string, Resource>)[each.class];
    if (made === undefined) throw new Error(`no ${each.class}`);
    new made(stack, each.id, 'provider' in each.config ? { ...each.config, provider: inProject } : each.config);
  }
}
app.synth();

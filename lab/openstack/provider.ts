import { existsSync } from 'node:fs';
import { link, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { goBuild } from './go.ts';
import type { LabLayout } from './layout.ts';
import { onPath } from './preflight.ts';
import type { LabEngine } from './types.ts';

const PROVIDER_VERSION = '1.54.1';
const TOFU_VERSION = '1.10.6';

/** Terraform and OpenTofu each look below their own registry's name. */
const REGISTRIES = ['registry.terraform.io', 'registry.opentofu.org'];

function providerPaths(layout: LabLayout): readonly string[] {
  return REGISTRIES.map((registry) =>
    join(
      layout.mirror,
      registry,
      'terraform-provider-openstack',
      'openstack',
      PROVIDER_VERSION,
      'linux_amd64',
      `terraform-provider-openstack_v${PROVIDER_VERSION}`,
    ),
  );
}

/** Builds the provider into the mirror, unless it is there. */
export async function buildProvider(layout: LabLayout, signal: AbortSignal): Promise<string> {
  const [first = '', ...others] = providerPaths(layout);
  if ([first, ...others].every((path) => existsSync(path))) return `provider ${PROVIDER_VERSION} already built`;
  await mkdir(dirname(first), { recursive: true });
  await goBuild(
    {
      what: `terraform-provider-openstack ${PROVIDER_VERSION}`,
      module: join(import.meta.dirname, 'provider'),
      package: 'github.com/terraform-provider-openstack/terraform-provider-openstack',
      output: first,
    },
    layout,
    signal,
  );
  for (const other of others) {
    await mkdir(dirname(other), { recursive: true });
    await rm(other, { force: true });
    await link(first, other);
  }
  return `provider ${PROVIDER_VERSION} built`;
}

/** `terraform` or `tofu` from the path, else OpenTofu, built. */
export async function findEngine(layout: LabLayout, signal: AbortSignal): Promise<LabEngine> {
  for (const name of ['terraform', 'tofu'] as const) {
    const path = onPath(name);
    if (path !== undefined) return { name, path };
  }
  const path = join(layout.bin, 'tofu');
  if (!existsSync(path)) {
    await mkdir(layout.bin, { recursive: true });
    await goBuild(
      {
        what: `OpenTofu ${TOFU_VERSION}`,
        module: join(import.meta.dirname, 'engine'),
        package: 'github.com/opentofu/opentofu/cmd/tofu',
        output: path,
        ldflags: `-X github.com/opentofu/opentofu/version.dev=no`,
      },
      layout,
      signal,
    );
  }
  return { name: 'tofu', path };
}

/** With no `direct` block, nothing is ever fetched from a registry. */
export function cliConfig(mirror: string): string {
  return `# Providers come from this lab's mirror only.
disable_checkpoint = true

provider_installation {
  filesystem_mirror {
    path    = "${mirror}"
    include = ["*/*/*"]
  }
}
`;
}

export async function writeCliConfig(layout: LabLayout): Promise<void> {
  await writeFile(layout.cliConfig, cliConfig(layout.mirror));
}

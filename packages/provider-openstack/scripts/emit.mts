/** Runs cdktn's generator over the shared schema. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { readSharedSchema } from './shared-schema.mts';
import { versionConstraint } from './sources.mts';
import type { Block } from './types.mts';

const source = 'terraform-provider-openstack/openstack';

/** Writes TypeScript below `folder`; returns the folder that holds one folder a resource. */
export async function emitTypeScript(folder: string): Promise<string> {
  // The generator's packages look for a terraform binary as they load; an empty configuration keeps a user's own out of it.
  const emptyConfig = join(folder, 'empty.tfrc');
  writeFileSync(emptyConfig, '');
  Object.assign(process.env, { TF_CLI_CONFIG_FILE: emptyConfig, CHECKPOINT_DISABLE: '1' });
  // Required only now, for the two variables above.
  const require = createRequire(import.meta.url);
  const generation = require('@cdktn/provider-generator') as typeof import('@cdktn/provider-generator');
  const commons = require('@cdktn/commons') as typeof import('@cdktn/commons');

  const code = new generation.CodeMaker();
  const constraint = new generation.TerraformProviderConstraint(`${source}@${versionConstraint}`);
  const generator = new generation.TerraformProviderGenerator(code, terraformForm());
  generator.generate(new commons.ConstructsMakerProviderTarget(constraint, 'typescript' as never));
  await code.save(folder);
  const emitted = join(folder, 'providers/openstack');
  importAlias(emitted);
  return emitted;
}

/** The shared schema as `terraform providers schema -json` would print it. */
function terraformForm(): import('@cdktn/commons').ProviderSchema {
  const schema = readSharedSchema();
  const wrap = (block: Block) => ({ version: 0, block });
  const wrapAll = (blocks: Record<string, Block>) =>
    Object.fromEntries(Object.entries(blocks).map(([name, block]) => [name, wrap(block)]));
  return {
    format_version: '0.2',
    provider_schemas: {
      [`registry.terraform.io/${source}`]: {
        provider: wrap(schema.provider),
        resource_schemas: wrapAll(schema.resources),
        data_source_schemas: wrapAll(schema.data_sources),
      },
    },
  } as unknown as import('@cdktn/commons').ProviderSchema;
}

/** The generator writes `cdktn`; under the alias that would load a second copy of the library. */
function importAlias(folder: string): void {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.name.endsWith('.ts')) continue;
    const file = join(entry.parentPath, entry.name);
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll(/from (['"])cdktn\1/g, "from 'cdktf'"));
  }
}

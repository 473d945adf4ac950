import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, TerraformBackend, TerraformResource, type TerraformStack } from 'cdktf';
import { CloudBaseStack } from '../../../stacks/openstack/cloud-base-stack.ts';
import { DevEnvironmentStack } from '../../../stacks/openstack/dev-environment-stack.ts';
import { LinkAddressesStack } from '../../../stacks/openstack/link-addresses-stack.ts';
import { LinkDiscoveryStack } from '../../../stacks/openstack/link-discovery-stack.ts';
import { LinkStack } from '../../../stacks/openstack/link-stack.ts';
import { StateBackend } from '../../openstack/state-backend.ts';
import { type Citation, citationsOf } from '../../stack/cite.ts';
import { artefactName, type StackId } from '../../stack/id.ts';
import { buildCustomTerraformStacks } from '../build-custom.ts';
import type { Artefact } from '../definition.ts';
import type { TerraformDefinition } from './catalogue.ts';
import { forgetTokens, synthesizeInMemory } from './in-memory.ts';

/** Builds an App of these stacks. `cdktn synth` and `tandem synth` both come through here. */
export function buildTerraformApp(definitions: readonly TerraformDefinition[], outdir?: string): App {
  // Without its creation stacks: half the time and memory, and no stack trace of this machine in any error.
  process.env['CDKTN_DISABLE_CREATION_STACK'] ??= '1';
  const app = new App({ stackTraces: false, ...(outdir === undefined ? {} : { outdir }) });
  for (const definition of definitions) {
    if (definition.kind === 'cloud-base') new CloudBaseStack(app, definition.inputs);
    if (definition.kind === 'link-addresses') new LinkAddressesStack(app, definition.inputs);
    if (definition.kind === 'link-discovery') new LinkDiscoveryStack(app, definition.inputs);
    if (definition.kind === 'link') new LinkStack(app, definition.inputs);
    if (definition.kind === 'dev-environment') new DevEnvironmentStack(app, definition.inputs);
  }
  const custom = definitions.filter((each) => each.kind === 'custom');
  buildCustomTerraformStacks(app, custom, hasBackend, (stack, id, state) => new StateBackend(stack, id, state));
  return app;
}

/** By a construct, or by an override of the root. */
function hasBackend(stack: TerraformStack): boolean {
  const isThere = stack.node.findAll().some((each) => TerraformBackend.isBackend(each));
  const { backend, cloud } =
    (stack as unknown as { rawOverrides: { terraform?: Record<string, unknown> } }).rawOverrides.terraform ?? {};
  return isThere || backend !== undefined || cloud !== undefined;
}

/**
 * Synthesizes stacks, with what each resource was made from.
 * @param outdir takes what the library writes; only users' own stacks are read from there, since those may write more
 */
export function synthesizeTerraform(
  definitions: readonly TerraformDefinition[],
  outdir: string,
): Map<StackId, Artefact> {
  const app = buildTerraformApp(definitions, outdir);
  const stackOf = (id: StackId) => app.node.findChild(artefactName(id)) as TerraformStack;
  const texts = new Map<StackId, string>();
  for (const { id, kind } of definitions)
    if (kind !== 'custom') synthesizeInMemory(stackOf(id), (text) => texts.set(id, text));
  app.synth();
  const artefacts = new Map<StackId, Artefact>();
  for (const { id } of definitions) {
    const stack = stackOf(id);
    const text = texts.get(id) ?? readFileSync(join(outdir, 'stacks', artefactName(id), 'cdk.tf.json'), 'utf8');
    artefacts.set(id, { text, citations: citationsIn(stack) });
  }
  // Modules of users' own stacks may hold tokens.
  if (definitions.every(({ kind }) => kind !== 'custom')) forgetTokens();
  return artefacts;
}

function citationsIn(stack: TerraformStack): Record<string, Citation[]> {
  const citations: Record<string, Citation[]> = {};
  for (const node of stack.node.findAll()) {
    if (!TerraformResource.isTerraformResource(node)) continue;
    citations[`${node.terraformResourceType}.${node.friendlyUniqueId}`] = citationsOf(node);
  }
  return citations;
}

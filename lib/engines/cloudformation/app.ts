import type { Stack } from 'aws-cdk-lib';
import { App, CfnElement } from 'aws-cdk-lib';
import featureFlags from 'aws-cdk-lib/recommended-feature-flags.json' with { type: 'json' };
import { ClusterStack } from '../../../stacks/aws/cluster-stack.ts';
import { LinkStack } from '../../../stacks/aws/link-stack.ts';
import { NetworkStack } from '../../../stacks/aws/network-stack.ts';
import { type Citation, citationsOf } from '../../stack/cite.ts';
import { artefactName, type StackId } from '../../stack/id.ts';
import { buildCustomCdkStacks } from '../build-custom.ts';
import type { Artefact } from '../definition.ts';
import type { CloudFormationDefinition } from './catalogue.ts';

/**
 * Set after what the CDK CLI passes in, a user's own `~/.cdk.json` included, so that `cdk synth` and `tandem synth` give the same
 * bytes. The flags are those of a new project of this library version.
 */
export const APP_CONTEXT = {
  ...featureFlags,
  '@aws-cdk/core:target-partitions': ['aws'],
  'aws:cdk:enable-path-metadata': true,
  'aws:cdk:enable-asset-metadata': true,
  'aws:cdk:version-reporting': false,
  // Stack traces name this machine's folders.
  'aws:cdk:disable-stack-trace': true,
  'aws:cdk:disable-creation-stack-traces': true,
  'aws:cdk:bundling-stacks': ['**'],
};

/** Builds an App of these stacks. A stack is the same whatever else is in the App. */
export function buildAwsApp(definitions: readonly CloudFormationDefinition[], outdir?: string): App {
  const app = new App({
    postCliContext: APP_CONTEXT,
    analyticsReporting: false,
    treeMetadata: false,
    builtinCloudFormationValidation: false,
    ...(outdir === undefined ? {} : { outdir }),
  });
  const networks = new Map<string, NetworkStack>();
  const inside = new Map<Stack, string>();
  for (const { kind, inputs } of definitions) {
    if (kind === 'network') networks.set(inputs.environment.name, new NetworkStack(app, inputs));
    if (kind === 'cluster') inside.set(new ClusterStack(app, inputs), inputs.environment.name);
    if (kind === 'link') inside.set(new LinkStack(app, inputs), inputs.environment.name);
  }
  for (const [stack, name] of inside) {
    const network = networks.get(name);
    if (network !== undefined) stack.addStackDependency(network, 'its parameters name the network');
  }
  buildCustomCdkStacks(
    app,
    definitions.filter((each) => each.kind === 'custom'),
  );
  return app;
}

export function synthesizeAws(
  definitions: readonly CloudFormationDefinition[],
  outdir: string,
): Map<StackId, Artefact> {
  const app = buildAwsApp(definitions, outdir);
  const assembly = app.synth();
  const artefacts = new Map<StackId, Artefact>();
  for (const { id } of definitions) {
    const name = artefactName(id);
    const stack = app.node.findChild(name) as Stack;
    artefacts.set(id, {
      text: JSON.stringify(assembly.getStackByName(stack.stackName).template, null, 1),
      citations: citationsIn(stack),
    });
  }
  return artefacts;
}

function citationsIn(stack: Stack): Record<string, Citation[]> {
  const citations: Record<string, Citation[]> = {};
  for (const node of stack.node.findAll()) {
    if (CfnElement.isCfnElement(node)) citations[stack.resolve(node.logicalId) as string] = citationsOf(node);
  }
  return citations;
}

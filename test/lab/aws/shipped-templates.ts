import type { App } from 'aws-cdk-lib';
import { environments, stacksOfEnvironment } from '../../stacks/aws/environments.ts';

export interface Template {
  readonly Resources: Readonly<Record<string, { readonly Type: string; readonly DeletionPolicy?: string }>>;
  readonly Parameters?: Readonly<Record<string, object>>;
}

/** What a deployment gives by itself, with values: addresses of gateways. */
function withValues(template: Template): Template {
  const given = ['Gateway1Address', 'Gateway2Address'].flatMap((name, index) => {
    const declared = template.Parameters?.[name];
    return declared === undefined ? [] : [[name, { ...declared, Default: `192.0.2.${index + 1}` }]];
  });
  return { ...template, Parameters: { ...template.Parameters, ...Object.fromEntries(given) } };
}

/** As synthesized for an environment, in the order in which they are deployed. */
export function templatesOf(name: keyof typeof environments): { name: string; template: Template }[] {
  const stacks = stacksOfEnvironment(name);
  const assembly = (stacks[0]!.node.root as App).synth();
  return stacks.map(({ stackName }) => ({
    name: stackName,
    template: withValues(assembly.getStackByName(stackName).template as Template),
  }));
}

export const names = Object.keys(environments) as (keyof typeof environments)[];

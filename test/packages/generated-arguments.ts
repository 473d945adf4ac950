/** Reads from generated code what a class would write into Terraform, so that a test needs to trust no generator. */
import type { Block } from '../../packages/provider-openstack/scripts/types.mts';

/** Dotted paths of all arguments that a module's resource, or the provider, can write. */
export function argumentsOf(code: string): string[] {
  const top = /synthesizeAttributes\(\) \{\s*return \{(.*?)\n {8}\};/s.exec(code)?.[1];
  if (top === undefined) throw new Error('the generated code has no synthesizeAttributes as this test knows it');
  return pathsIn(top, code, '');
}

function pathsIn(body: string, code: string, prefix: string): string[] {
  return [...body.matchAll(/^\s+(\w+): (.*?),?$/gm)].flatMap(([, name = '', value = '']) => {
    const converter = /(\w+)ToTerraform(?=[,()])/.exec(value.replaceAll(/cdktn\.\w+ToTerraform/g, ''))?.[1];
    if (converter === undefined) return [prefix + name];
    return [prefix + name, ...pathsIn(bodyOf(converter, code), code, `${prefix}${name}.`)];
  });
}

function bodyOf(converter: string, code: string): string {
  const pattern = new RegExp(`function ${converter}ToTerraform\\(struct\\) \\{.*?return \\{(.*?)\\n    \\};`, 's');
  const body = pattern.exec(code)?.[1];
  if (body === undefined) throw new Error(`the generated code has no ${converter}ToTerraform as this test knows it`);
  return body;
}

/** Whether a version lets configuration set the argument, or has the block, at a dotted path. */
export function isArgument(block: Block | undefined, path: string): boolean {
  const [name = '', ...rest] = path.split('.');
  if (rest.length > 0) return isArgument(block?.block_types?.[name]?.block, rest.join('.'));
  const attribute = block?.attributes?.[name];
  return attribute?.optional === true || attribute?.required === true || block?.block_types?.[name] !== undefined;
}

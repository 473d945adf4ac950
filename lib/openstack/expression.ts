import { TerraformDataSource, type TerraformResource } from 'cdktf';

/**
 * What an attribute of another resource will be, as Terraform writes it. Plain text instead of a token: nothing is left to resolve,
 * and indexes are written as people write them.
 * @param path e.g. `id`, `all_fixed_ips[0]`
 */
export function attributeOf(resource: TerraformResource | TerraformDataSource, path = 'id'): string {
  const prefix = TerraformDataSource.isTerraformDataSource(resource) ? 'data.' : '';
  return `\${${prefix}${resource.terraformResourceType}.${resource.friendlyUniqueId}.${path}}`;
}

/** Text from a file, as Terraform must be told it so that it stays what it is. */
export function literal(text: string): string {
  return text.replaceAll(/[$%]\{/g, (opening) => `${opening.charAt(0)}${opening}`);
}

/** `validate.ts TEMPLATE...`: the number of resources that were judged by the published schemas; fails with what they do not allow. */
import { readFileSync } from 'node:fs';
import { schemaOf } from '../../lab/aws/cloudformation/schema.ts';
import { checkProperties } from '../../lab/aws/cloudformation/schema-check.ts';
import { isObject, type Json, type JsonObject } from '../../lab/aws/json.ts';

interface Template {
  readonly Resources: Readonly<Record<string, { readonly Type: string; readonly Properties?: JsonObject }>>;
}

const isIntrinsic = (value: Json): boolean =>
  isObject(value) && Object.keys(value).every((name) => name === 'Ref' || name.startsWith('Fn::'));

let count = 0;
for (const file of process.argv.slice(2)) {
  const { Resources } = JSON.parse(readFileSync(file, 'utf8')) as Template;
  for (const [id, { Type, Properties = {} }] of Object.entries(Resources)) {
    const schema = schemaOf(Type);
    const problems =
      schema === undefined
        ? [{ path: '#', message: `no schema of ${Type}` }]
        : checkProperties(schema, Properties, isIntrinsic);
    for (const { path, message } of problems) console.error(`${file} ${id} ${path}: ${message}`);
    if (problems.length > 0) process.exitCode = 1;
    count += 1;
  }
}
console.log(count);

import { architectureOf } from '../../aws-model/ec2/type-names.ts';
import type { Problem } from '../diagnostic.ts';
import type { Entity } from '../project.ts';
import type { Environment } from '../schema/environment.ts';
import type { RuleInput } from './rule.ts';

/** Zones and instance types of a cluster: none twice, and each of the architecture of its image. */
export function checkEnvironmentCluster({ environments }: RuleInput): Problem[] {
  return [...environments.values()].flatMap((environment) => [...zones(environment), ...instances(environment)]);
}

function zones({ value, origin }: Entity<Environment>): Problem[] {
  const { zones } = value.aws;
  return zones.flatMap((zone, index) =>
    zones.indexOf(zone) === index
      ? []
      : [
          origin
            .at('aws', 'zones', index)
            .problem('duplicate-zone', `got "${zone}" a second time; a zone has one subnet`, 'remove it'),
        ],
  );
}

/** More than the list of types may have in common with them. */
const EXAMPLES = {
  arm64: ['c7g.xlarge', 'm7g.xlarge', 'r7g.xlarge', 'c6g.xlarge', 'm6g.xlarge'],
  x86_64: ['c7i.xlarge', 'm7i.xlarge', 'r7i.xlarge', 'c6i.xlarge', 'm6i.xlarge'],
} as const;

function instances({ value, origin }: Entity<Environment>): Problem[] {
  const { types, architecture, imageParameter } = value.cluster.instances;
  const at = origin.at('cluster', 'instances');
  const problems = types.flatMap((type, index) =>
    types.indexOf(type) === index
      ? []
      : [at.at('types', index).problem('duplicate-type', `got "${type}" a second time`, 'remove it')],
  );
  const other = architecture === 'arm64' ? 'x86_64' : 'arm64';
  const wrong = types.filter((type) => architectureOf(type) !== architecture);
  const isImageOfOther = imageParameter.includes(other) && !imageParameter.includes(architecture);
  const written = at.at('architecture').depth;
  // An override of the architecture alone came after the types and the image of its base.
  const ofTypes = wrong.length > 0 && written < at.at('types').depth ? wrong : [];
  const ofImage = isImageOfOther && written < at.at('imageParameter').depth ? [imageParameter] : [];
  const clashing = [...ofTypes, ...ofImage];
  if (clashing.length > 0) {
    const message = `got "${architecture}"; ${[ofTypes.join(', '), ...ofImage].filter(Boolean).join(' and ')} ${clashing.length === 1 ? 'is' : 'are'} ${other}`;
    const isAll = wrong.length === types.length && (isImageOfOther || !imageParameter.includes(architecture));
    const own = `types and an image of ${architecture}`;
    problems.push(
      at
        .at('architecture')
        .problem('wrong-architecture', message, isAll ? `write ${other}, or ${own}` : `write ${own}`),
    );
  }
  for (const [index, type] of types.entries()) {
    if (ofTypes.length > 0 || !wrong.includes(type) || types.indexOf(type) !== index) continue;
    const message = `got "${type}", which is ${other}; the cluster's image is ${architecture}`;
    const example = EXAMPLES[architecture].find((each) => !types.includes(each)) ?? '';
    const fix = `write a type of ${architecture}, such as ${example}`;
    problems.push(at.at('types', index).problem('wrong-architecture', message, fix));
  }
  if (isImageOfOther && ofImage.length === 0) {
    const message = `got an image for ${other}; the cluster's architecture is ${architecture}`;
    const fix = `write ${imageParameter.replaceAll(other, architecture)}`;
    problems.push(at.at('imageParameter').problem('wrong-architecture', message, fix));
  }
  return problems;
}

/** What the name of an instance type tells. https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html */

/** Graviton families have a `g` right after the generation: `c7g`, `m6gd`, `im4gn`; the first was `a1`. Grace is in `p6e-gb200`. */
const ARM = /^(?:a1|[a-z]+\d+g[a-z]*|p\d+e-gb\d+)\./;

/** As Amazon EC2 calls processors. */
export type Architecture = 'arm64' | 'x86_64';

export function architectureOf(type: string): Architecture {
  return ARM.test(type) ? 'arm64' : 'x86_64';
}

const VCPUS: Readonly<Record<string, number>> = { nano: 2, micro: 2, small: 2, medium: 1, large: 2, xlarge: 4 };

/**
 * vCPUs by the size of a type: `c7g.4xlarge` has 16. Burstable ones have two up to `large`; of `metal`, those of the largest of its family
 * are taken.
 */
export function vcpusBySize(type: string): number {
  const [family = '', size = ''] = type.split('.');
  const many = /^(\d+)xlarge$/.exec(size)?.[1];
  if (many !== undefined) return Number(many) * 4;
  if (size.startsWith('metal')) return Number(/^metal-(\d+)xl$/.exec(size)?.[1] ?? 24) * 4;
  return family.startsWith('t') && size === 'medium' ? 2 : (VCPUS[size] ?? 4);
}

import { vcpusBySize } from '../aws-model/ec2/type-names.ts';
import type { Environment } from './schema/environment.ts';

/** GiB of memory a vCPU of the families that are named after their ratio, since their fifth generation (AWS: "Amazon EC2 instance types"). */
const GIB_PER_VCPU: Readonly<Record<string, number>> = { c: 2, m: 4, r: 8 };

/** Memory that the smallest instance of a cluster has at least, by its requirements or its types; undefined where it is unknown. */
export function leastMemoryMiB({
  types,
  requirements,
}: Environment['cluster']['instances']): { readonly name: string; readonly memoryMiB: number } | undefined {
  if (requirements !== undefined)
    return { name: 'an instance by its requirements', memoryMiB: requirements.minimumMemoryGiB * 1024 };
  const known = types.flatMap((name) => {
    const memoryMiB = memoryOf(name);
    return memoryMiB === undefined ? [] : [{ name, memoryMiB }];
  });
  return known.sort((a, b) => a.memoryMiB - b.memoryMiB)[0];
}

function memoryOf(type: string): number | undefined {
  const [, family = ''] = /^([cmr])(?:[5-9]|\d{2})[a-z-]*\.(?:medium|large|\d*xlarge)$/.exec(type) ?? [];
  const ratio = GIB_PER_VCPU[family];
  return ratio === undefined ? undefined : ratio * vcpusBySize(type) * 1024;
}

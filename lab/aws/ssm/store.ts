import type { ImageOptions } from '../../../lib/aws-model/types.ts';
import type { Realm, StoreKey } from '../world.ts';

export interface Parameter {
  readonly name: string;
  readonly type: string;
  readonly value: string;
  readonly version: number;
  readonly modified: number;
}

/** Images whose ids AWS itself publishes in parameters, as far as Tandem's templates name them. The ids are invented. */
export const PUBLIC_IMAGES: readonly ImageOptions[] = [
  { ImageId: 'ami-0a1b2c3d4e5f60001', Architecture: 'arm64' },
  { ImageId: 'ami-0a1b2c3d4e5f60002', Architecture: 'x86_64' },
];
const PUBLIC = PUBLIC_IMAGES.map(({ ImageId, Architecture }) => ({
  name: `/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-${Architecture}`,
  value: ImageId,
}));

const KEY: StoreKey<Map<string, Parameter>> = {
  name: 'ssm',
  create: (realm) => {
    const modified = realm.world.clock.now();
    return new Map(PUBLIC.map(({ name, value }) => [name, { name, value, type: 'String', version: 1, modified }]));
  },
};

export function parameterStore(realm: Realm): Map<string, Parameter> {
  return realm.store(KEY);
}

export function putParameter(realm: Realm, name: string, value: string, type: string): Parameter {
  const store = parameterStore(realm);
  const version = (store.get(name)?.version ?? 0) + 1;
  const parameter = { name, type, value, version, modified: realm.world.clock.now() };
  store.set(name, parameter);
  return parameter;
}

import type { Realm, World } from '../world.ts';

export interface Role {
  readonly name: string;
  readonly path: string;
  readonly id: string;
  readonly arn: string;
  readonly createdAt: number;
}

export interface IamStore {
  readonly roles: Map<string, Role>;
}

/** IAM is one for all Regions of an account. */
export function iamStore(world: World, account: string): IamStore {
  return world.shared(`iam/${account}`, () => ({ roles: new Map<string, Role>() }));
}

/** Adds a role whose name is free. */
export function addRole({ world, account }: Pick<Realm, 'world' | 'account'>, name: string, path: string): Role {
  const arn = `arn:aws:iam::${account}:role${path}${name}`;
  const role = { name, path, arn, id: `AROA${world.ids.suffix(17)}`, createdAt: world.clock.now() };
  iamStore(world, account).roles.set(name, role);
  return role;
}

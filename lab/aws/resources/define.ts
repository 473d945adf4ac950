import { AwsError } from '../aws-error.ts';
import type { JsonObject } from '../json.ts';
import { text } from '../json.ts';
import type { Made, Making, ResourceType } from './resource-type.ts';

/** An id as EC2 and others give them: `vpc-` and 17 hexadecimal digits. */
export function withId(prefix: string): (making: Making) => string {
  return ({ realm }) => `${prefix}-${realm.world.ids.hex(17)}`;
}

/** The name in this property, or one that CloudFormation makes up. */
export function withName(property: string, longest: number): (making: Making) => string {
  return (making) => text(making.properties[property]) ?? making.name(longest);
}

export interface Simple extends Omit<ResourceType, 'create' | 'type'> {
  readonly id: (making: Making) => string;
  readonly ref?: (making: Making, id: string) => string;
  readonly attributes?: (making: Making, id: string) => JsonObject;
  /** Throws in the service's words. */
  readonly check?: (making: Making) => void;
  /** After the checks; what else comes to exist. */
  readonly make?: (making: Making, id: string) => void;
}

/** A type that is an id, a few attributes and the properties as given. */
export function simple(type: string, { id, ref, attributes, check, make, ...rest }: Simple): ResourceType {
  return {
    ...{ type, ...rest },
    update: async (resource, making) => {
      check?.(making);
      return (await rest.update?.(resource, making)) ?? attributes?.(making, resource.physicalId) ?? {};
    },
    create: (making): Made => {
      check?.(making);
      const physicalId = id(making);
      if (making.realm.find(type, physicalId) !== undefined)
        throw new AwsError('AlreadyExists', `${physicalId} already exists in stack or account`);
      make?.(making, physicalId);
      return {
        physicalId,
        ref: ref?.(making, physicalId) ?? physicalId,
        attributes: attributes?.(making, physicalId) ?? {},
      };
    },
  };
}

export const property = (making: Making, name: string): string => text(making.properties[name]) ?? '';

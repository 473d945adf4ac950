import type { ConfigRef } from './config-ref.ts';

/** References by attribute, nested as the attributes are. */
export type CitedAttributes =
  | { readonly [attribute: string]: ConfigRef | CitedAttributes | undefined }
  | readonly (ConfigRef | CitedAttributes)[];

/**
 * What can be cited of a construct: the properties of a CloudFormation resource as templates name them (`MaxSize`), the arguments of a
 * Terraform resource as Terraform does (`flavor_name`). A name that the resource's class lacks fails to compile.
 */
export type Attributes<T> = T extends { readonly cfnResourceType: string }
  ? CloudFormationProperties<T>
  : T extends { readonly terraformResourceType: string }
    ? TerraformArguments<T>
    : never;

type CloudFormationProperties<T> = { readonly [K in keyof T as Pascal<K>]?: Cited<T[K], 'pascal'> };

/** A generated class has `flavorNameInput` for each argument `flavorName`, of the type that the argument takes. */
type TerraformArguments<T> = {
  readonly [K in keyof T as K extends `${infer Name}Input` ? Snake<Name> : never]?: Cited<T[K], 'snake'>;
};

type Case = 'pascal' | 'snake';

/** A reference for the attribute as a whole, or for what is in it; an object in place of a list means each of its items. */
type Cited<V, C extends Case> = ConfigRef | CitedInside<Exclude<V, Token | undefined>, C>;

type CitedInside<V, C extends Case> = 0 extends V & 1
  ? Readonly<Record<string, ConfigRef>> // `any`: JSON that CloudFormation hands to a service as it is
  : V extends readonly (infer Item)[]
    ? readonly Cited<Item, C>[] | CitedFields<Exclude<Item, Token>, C>
    : V extends object
      ? CitedFields<V, C>
      : never;

type CitedFields<V, C extends Case> = V extends object
  ? { readonly [K in keyof V as C extends 'pascal' ? Pascal<K> : Snake<K & string>]?: Cited<V[K], C> }
  : never;

/** An `IResolvable` of either library. */
interface Token {
  resolve(context: never): unknown;
}

type Pascal<K> = K extends string ? Capitalize<K> : never;
type Snake<S extends string> = S extends `${infer First}${infer Rest}`
  ? `${First extends Lowercase<First> ? First : `_${Lowercase<First>}`}${Snake<Rest>}`
  : '';

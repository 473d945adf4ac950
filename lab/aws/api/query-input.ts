import { AwsError } from '../aws-error.ts';
import type { Tree } from '../wire/parameters.ts';
import type { ApiModel, Shape } from './shapes.ts';

/** What parameters say, in the members and types of the call's shape. Times are milliseconds since 1970. */
export class QueryInput {
  readonly #model: ApiModel;
  /** EC2 numbers the items of a list directly: `InstanceId.1`. */
  readonly #ec2: boolean;

  constructor(model: ApiModel, ec2: boolean) {
    this.#model = model;
    this.#ec2 = ec2;
  }

  read(shapeName: string, tree: Tree | string): unknown {
    const shape = this.#model.shapes[shapeName];
    if (shape === undefined) throw new Error(`no shape ${shapeName}`);
    switch (shape.type) {
      case 'structure':
        return this.#structure(shape, tree);
      case 'list':
        return this.#list(shape, tree);
      case 'map':
        return this.#map(shape, tree);
      default:
        return scalar(shape, tree);
    }
  }

  #structure(shape: Shape, tree: Tree | string): Record<string, unknown> {
    const result: Record<string, unknown> = {};
    if (typeof tree === 'string') return result;
    const byWire = new Map(
      Object.entries(shape.members ?? {}).map(([name, member]) => [
        member.takes ?? name,
        { name, shape: member.shape },
      ]),
    );
    for (const [key, value] of tree) {
      const member = byWire.get(key);
      if (member === undefined) throw unknownParameter(key, this.#ec2);
      result[member.name] = this.read(member.shape, value);
    }
    return result;
  }

  #list(shape: Shape, tree: Tree | string): unknown[] {
    const items = this.#ec2 || typeof tree === 'string' ? tree : (tree.get('member') ?? tree);
    if (typeof items === 'string') return [];
    return [...items].sort(([a], [b]) => Number(a) - Number(b)).map(([, value]) => this.read(shape.of ?? '', value));
  }

  #map(shape: Shape, tree: Tree | string): Record<string, unknown> {
    const entries = typeof tree === 'string' ? tree : tree.get('entry');
    if (!(entries instanceof Map)) return {};
    return Object.fromEntries(
      [...entries.values()].flatMap((entry) => {
        const [key, value] = entry instanceof Map ? [entry.get('key'), entry.get('value')] : [];
        return typeof key === 'string' && value !== undefined ? [[key, this.read(shape.value ?? '', value)]] : [];
      }),
    );
  }
}

function unknownParameter(name: string, ec2: boolean): AwsError {
  return ec2
    ? new AwsError('UnknownParameter', `The parameter ${name} is not recognized`)
    : new AwsError('ValidationError', `${name} is no parameter of this call`);
}

function scalar(shape: Shape, written: Tree | string): unknown {
  if (typeof written !== 'string') throw new AwsError('MalformedInput', 'Unexpected structure');
  switch (shape.type) {
    case 'boolean':
      return written.toLowerCase() === 'true';
    case 'integer':
    case 'long':
    case 'float':
    case 'double':
      if (written.trim() === '' || Number.isNaN(Number(written)))
        throw new AwsError('MalformedInput', `${written} is not a number`);
      return Number(written);
    case 'timestamp':
      return /^\d+(\.\d+)?$/.test(written) ? Number(written) * 1000 : Date.parse(written);
    default:
      return written;
  }
}

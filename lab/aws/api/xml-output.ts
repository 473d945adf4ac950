import { escapeXml } from '../wire/xml.ts';
import type { ApiModel } from './shapes.ts';

/** A result in the XML of the query protocol, or of EC2's dialect. Members that the shape does not have are not told. */
export class XmlOutput {
  readonly #model: ApiModel;
  readonly #ec2: boolean;

  constructor(model: ApiModel, ec2: boolean) {
    this.#model = model;
    this.#ec2 = ec2;
  }

  write(shapeName: string, value: unknown): string {
    const shape = this.#model.shapes[shapeName];
    if (shape === undefined) throw new Error(`no shape ${shapeName}`);
    switch (shape.type) {
      case 'structure': {
        const from = value as Readonly<Record<string, unknown>>;
        return Object.entries(shape.members ?? {})
          .filter(([name]) => from[name] !== undefined && from[name] !== null)
          .map(([name, member]) => {
            const tag = member.gives ?? name;
            return `<${tag}>${this.write(member.shape, from[name])}</${tag}>`;
          })
          .join('');
      }
      case 'list': {
        const tag = this.#ec2 ? 'item' : 'member';
        return (value as readonly unknown[])
          .map((item) => `<${tag}>${this.write(shape.of ?? '', item)}</${tag}>`)
          .join('');
      }
      case 'map':
        return Object.entries(value as Readonly<Record<string, unknown>>)
          .map(
            ([key, item]) =>
              `<entry><key>${escapeXml(key)}</key><value>${this.write(shape.value ?? '', item)}</value></entry>`,
          )
          .join('');
      case 'timestamp':
        return new Date(value as number).toISOString();
      default:
        return escapeXml(String(value));
    }
  }
}

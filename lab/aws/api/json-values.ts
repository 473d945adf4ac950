import { AwsError } from '../aws-error.ts';
import { isList, isObject, text } from '../json.ts';
import type { ApiModel } from './shapes.ts';

/** What a JSON body says: seconds become milliseconds, and what the shape does not have is refused. */
export function fromJson(model: ApiModel, shapeName: string, value: unknown): unknown {
  return convert(
    model,
    shapeName,
    value,
    (seconds) => seconds * 1000,
    (name) => {
      throw new AwsError('ValidationException', `${name} is no parameter of this call`);
    },
  );
}

/** The other way: milliseconds become seconds, and members that the shape does not have are not told. */
export function toJson(model: ApiModel, shapeName: string, value: unknown): unknown {
  return convert(
    model,
    shapeName,
    value,
    (milliseconds) => milliseconds / 1000,
    () => undefined,
  );
}

function convert(
  model: ApiModel,
  shapeName: string,
  value: unknown,
  time: (written: number) => number,
  unknown: (name: string) => void,
): unknown {
  const shape = model.shapes[shapeName];
  const inner = (name: string | undefined, each: unknown): unknown => convert(model, name ?? '', each, time, unknown);
  if (shape?.type === 'timestamp') return typeof value === 'number' ? time(value) : value;
  if (shape?.type === 'list' && Array.isArray(value)) return value.map((item) => inner(shape.of, item));
  if (!isObject(value)) return value;
  if (shape?.type === 'map')
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, inner(shape.value, item)]));
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, item]) => {
      const member = shape?.members?.[name];
      if (member === undefined) unknown(name);
      return member === undefined || (text(item) === undefined && !isObject(item) && !isList(item))
        ? []
        : [[name, inner(member.shape, item)]];
    }),
  );
}

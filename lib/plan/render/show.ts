import { printableLine } from '../../text/printable.ts';
import { isMap } from '../difference/json.ts';

/** A value in one line: functions of CloudFormation as people say them, long text cut in the middle of nothing. */
export function show(value: unknown, maximum: number = 80): string {
  if (value === null || value === undefined) return '(none)';
  const text = typeof value === 'string' ? quoteIfOdd(value) : JSON.stringify(value, readable);
  const flat = printableLine(text.replace(/[\r\n\t]+/g, ' '));
  return flat.length > maximum ? `${flat.slice(0, maximum - 1)}…` : flat;
}

/** Text that would be taken for something else, or for nothing, is quoted. */
function quoteIfOdd(text: string): string {
  return text === '' || text !== text.trim() || text === 'true' || text === 'false' ? JSON.stringify(text) : text;
}

function readable(_key: string, value: unknown): unknown {
  if (!isMap(value)) return value;
  const [name, ...others] = Object.keys(value);
  if (name === undefined || others.length > 0) return value;
  const inner = value[name];
  if (name === 'Ref') return `\${${String(inner)}}`;
  if (name === 'Fn::GetAtt' && Array.isArray(inner)) return `\${${inner.join('.')}}`;
  if (name === 'Fn::Sub' && typeof inner === 'string') return inner;
  return value;
}

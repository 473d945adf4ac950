import { jsonIn } from '../../text/json.ts';

/** A value as CloudFormation tells it: lists and maps come as JSON; what is not there as `null`, or not at all. */
export function valueOf(text: string | undefined): unknown {
  if (text === undefined || text === 'null') return null;
  if (!/^[[{]/.test(text) && !isScalar(text)) return text;
  return jsonIn(text) ?? text;
}

/** A number or a truth value as templates write it, and not a text that only looks like one, such as an account's id with a leading zero. */
function isScalar(text: string): boolean {
  return (
    text === 'true' || text === 'false' || (/^-?\d/.test(text) && text.length < 12 && String(Number(text)) === text)
  );
}

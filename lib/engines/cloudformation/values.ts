/** A value as CloudFormation tells it: lists and maps come as JSON; what is not there as `null`, or not at all. */
export function valueOf(text: string | undefined): unknown {
  if (text === undefined || text === 'null') return null;
  if (!/^[[{]/.test(text)) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** Outputs as `name = value`, one a line; raw, the bare value of the only one. */
export function renderOutputs(outputs: Readonly<Record<string, unknown>>, raw: boolean): string {
  return Object.entries(outputs)
    .map(([name, value]) => `${raw ? '' : `${name} = `}${asText(value)}\n`)
    .join('');
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

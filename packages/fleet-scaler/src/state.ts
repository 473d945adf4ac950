import type { ScalerState } from './types.ts';

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);

/** The state that was written; undefined where it is another version's, or no state at all: then it is begun anew. */
export function readState(text: string | undefined): ScalerState | undefined {
  const value = parse(text);
  if (typeof value !== 'object' || value === null) return undefined;
  const { format, emptyAt, meanSeconds, needs } = value as Partial<Record<keyof ScalerState, unknown>>;
  if (format !== 'tandem.fleet-scaler-state/1' || !isNumber(emptyAt) || !isNumber(meanSeconds)) return undefined;
  if (!Array.isArray(needs)) return undefined;
  const all = needs.map((each: unknown): [number, number] | undefined => {
    if (!Array.isArray(each)) return undefined;
    const [at, instances] = each as unknown[];
    return isNumber(at) && isNumber(instances) ? [at, instances] : undefined;
  });
  const known = all.filter((each) => each !== undefined);
  return known.length === all.length ? { format, emptyAt, meanSeconds, needs: known } : undefined;
}

function parse(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

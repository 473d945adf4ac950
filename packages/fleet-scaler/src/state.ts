import type { ScalerState } from './types.ts';

const FORMAT: ScalerState['format'] = 'tandem.fleet-scaler-state/2';

/** The state that was written; undefined where it is another version's, or no state at all: then it is begun anew. */
export function readState(text: string | undefined): ScalerState | undefined {
  try {
    const value: unknown = text === undefined ? undefined : JSON.parse(text);
    return isState(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isState(value: unknown): value is ScalerState {
  if (!isObject(value) || value['format'] !== FORMAT || !isObject(value['day'])) return false;
  const { at, emptyAt, meanSeconds, credit, spare, needs, day } = value;
  return (
    [at, emptyAt, meanSeconds, credit, spare, day['level']].every(isNumber) &&
    isListOf(needs, (each) => isListOf(each, isNumber) && each.length === 2) &&
    isListOf(day['profile'], (each) => each === null || isNumber(each))
  );
}

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

function isListOf(value: unknown, isOne: (each: unknown) => boolean): value is unknown[] {
  return Array.isArray(value) && value.every(isOne);
}

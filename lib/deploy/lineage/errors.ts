import type { Mark } from '../../engines/lineage.ts';
import { TandemError } from '../../errors/tandem-error.ts';
import type { StackRecord } from '../../state/record.ts';
import { minuteOf } from '../../text/duration.ts';
import { firstOf } from '../../text/listed.ts';

export function foreignStack(stack: string, mark: Mark, record: StackRecord | undefined): TandemError {
  const { lineage, by, at, place, where } = mark;
  const when = at === '' ? '' : ` on ${minuteOf(at)} UTC`;
  const theirs = place === '' ? '' : `, with the state in ${place}`;
  const lost =
    record === undefined ? '' : `; it was deployed from here on ${record.at.slice(0, 10)} and taken over since`;
  const message =
    lineage === undefined
      ? `${stack} is there already (${where}), and neither the state of this checkout nor any mark says who deployed it`
      : `${stack} belongs to another state (${where}): ${by === '' ? 'somebody' : by} deployed it${when}${theirs}${lost}`;
  const share = place.startsWith('local files')
    ? 'have its owner move the state to a shared back end (state.backend in config/tandem.yaml), or copy their .tandem folder here'
    : 'work with the state that it was deployed with (state.backend in config/tandem.yaml)';
  return new TandemError({
    code: 'foreign-stack',
    message,
    next: `${share}; to take the stack over from them knowingly, \`tandem adopt ${stack}\``,
    details: { stack, lineage: lineage ?? null, by, at, place, where },
  });
}

export function adoptWouldReplace(
  stack: string,
  mark: Mark,
  changes: readonly { readonly address: string; readonly action: string }[],
): TandemError {
  const taken = changes.map(({ action, address }) => `${action} ${address}`);
  const state = mark.place === '' ? 'the state that deployed it' : `its state, in ${mark.place}`;
  return new TandemError({
    code: 'adopt-would-replace',
    message: `taken over, ${stack} would lose what is there: an import does not read back all that it was made from, and the next plan would ${firstOf(taken, 3)}`,
    next: `work with ${state}: copy the .tandem folder of its owner here, or name the same state.backend in config/tandem.yaml; where that state is lost for good, \`tandem adopt ${stack} --allow-replace\` takes it over all the same, and the next plan asks about each`,
    details: { stack, changes: changes.map(({ address, action }) => ({ address, action })), place: mark.place },
  });
}

export function nothingToAdopt(stack: string): TandemError {
  return new TandemError({
    code: 'nothing-to-adopt',
    message: `nothing of ${stack} is there, or its cloud keeps no marks`,
    next: `\`tandem deploy ${stack}\` creates it`,
    details: { stack },
  });
}

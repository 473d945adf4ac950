import { TandemError } from '../../errors/tandem-error.ts';

export function adoptUnconfirmed(stack: string, lineage: string): TandemError {
  return new TandemError({
    code: 'adopt-unconfirmed',
    message: `taking over ${stack} must be confirmed by typing its name, and there is no terminal to ask on`,
    next: `name the very mark that is taken over: \`tandem adopt ${stack} --lineage ${lineage}\``,
    details: { stack, lineage },
  });
}

export function otherLineage(stack: string, named: string, found: string): TandemError {
  return new TandemError({
    code: 'other-lineage',
    message: `${stack} is marked by lineage ${found}, not by ${named}`,
    next: 'somebody else took it over meanwhile: talk to them before you name their mark',
    details: { stack, named, found },
  });
}

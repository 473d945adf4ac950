import type { ProcessEnd } from './ports.ts';

/** Why a command did not do its job. */
export function whyFailed(end: ProcessEnd): string {
  switch (end.kind) {
    case 'exit':
      return `ended with ${end.code}`;
    case 'killed':
      return `killed by ${end.signal}`;
    case 'out-of-memory':
      return 'killed: it took more memory than the limit of a job';
    case 'not-started':
      return `not started: ${end.why}`;
    default:
      return end.kind;
  }
}

import { parseBreaker, type WorkerConfig } from './worker-config.ts';

/** What a machine needs to say that it can't work. */
export interface Contact {
  readonly region: string;
  readonly group: string;
  readonly table: string;
  readonly namespace: string;
  readonly launching: string;
  readonly terminating: string;
  readonly program: string;
  readonly breaker: WorkerConfig['breaker'];
  readonly lostAfterSeconds: number;
}

/** Read from a worker configuration whose other parts may be wrong; undefined where it names neither group nor table. */
export function contactOf(text: string, env: NodeJS.ProcessEnv): Contact | undefined {
  const all = parsed(text);
  const at = (...path: string[]): unknown => path.reduce<unknown>((value, name) => objectOf(value)[name], all);
  const word = (otherwise: string, ...path: string[]): string => {
    const value = at(...path);
    return typeof value === 'string' ? value : otherwise;
  };
  const [group, table] = [word('', 'group'), word('', 'heartbeats', 'table')];
  if (group === '' || table === '') return undefined;
  const lost = at('heartbeats', 'lostAfterSeconds');
  return {
    ...{ group, table, region: word(env['TANDEM_REGION'] ?? '', 'region') },
    namespace: word(`Tandem/${word('unknown', 'cluster')}`, 'metrics', 'namespace'),
    launching: word('first-heartbeat', 'hooks', 'launching'),
    terminating: word('drain', 'hooks', 'terminating'),
    program: word('unknown', 'program', 'version'),
    breaker: parseBreaker({}),
    lostAfterSeconds: typeof lost === 'number' ? lost : 45,
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

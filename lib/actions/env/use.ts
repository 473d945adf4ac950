import { consoleLog } from '../../dev/use/console.ts';
import { type Login, prepareLogin } from '../../dev/use/login.ts';
import { remoteCommand, runSsh } from '../../dev/use/run-ssh.ts';
import { shellWord } from '../../text/shell-word.ts';
import { type ActionContext, inform } from '../context.ts';
import type { ResultOf } from '../result-of.ts';
import { withEnvironments } from './ports.ts';
import type { executedSchema, loggedInSchema, readLogSchema } from './use-schema.ts';

export interface SshOptions {
  readonly name: string;
  /** @default - the server that SSH comes in through */
  readonly server: string | undefined;
  /** Only tells the command. */
  readonly print: boolean;
}

export type LoggedIn = ResultOf<typeof loggedInSchema>;

/** Logs in. @throws TandemError `no-way-in`, `no-ssh-key`, `no-such-server`, `no-ssh` */
export async function ssh(context: ActionContext, { name, server, print }: SshOptions): Promise<LoggedIn> {
  const login = await loginOf(context, name, server);
  const told = { name, server: login.server.name, unknown: login.unknown, command: asShell(login.command) };
  if (print) return { ...told, code: null };
  const { code } = await runSsh(login.command, { environment: context.environment, terminal: true });
  return { ...told, code };
}

export interface ExecOptions {
  readonly name: string;
  readonly server: string;
  readonly command: readonly string[];
  /** Whether its output is given back instead of being written where this program's is. */
  readonly captures: boolean;
}

export type Executed = ResultOf<typeof executedSchema>;

/** Runs a command on a server. @throws TandemError `no-way-in`, `no-ssh-key`, `no-such-server`, `no-ssh` */
export async function exec(context: ActionContext, options: ExecOptions): Promise<Executed> {
  const { name, server, command, captures } = options;
  const login = await loginOf(context, name, server);
  const run = await runSsh([...login.command, '--', remoteCommand(command)], {
    environment: context.environment,
    terminal: !captures,
  });
  return { name, server: login.server.name, command, ...run };
}

export interface LogsOptions {
  readonly name: string;
  readonly server: string;
  /** Of systemd, whose journal is read by SSH. @default - the console, by the cloud's API */
  readonly unit: string | undefined;
  readonly lines: number | undefined;
  readonly follow: boolean;
  /** Gets what is new where it is followed; false where nobody reads any more. */
  readonly write: ((chunk: Uint8Array) => Promise<boolean>) | undefined;
}

export type ReadLog = ResultOf<typeof readLogSchema>;

/** Reads a server's console, or the journal of one of its units. @throws TandemError `no-such-server`, `no-console`, `no-way-in` */
export async function logs(context: ActionContext, options: LogsOptions): Promise<ReadLog> {
  const { name, server, unit, lines, follow, write } = options;
  if (unit !== undefined) {
    const login = await loginOf(context, name, server);
    const count = lines === undefined ? [] : ['--lines', String(lines)];
    const command = ['sudo', 'journalctl', '--no-pager', '--unit', unit, ...count, ...(follow ? ['--follow'] : [])];
    const { code, stdout } = await runSsh([...login.command, '--', remoteCommand(command)], {
      environment: context.environment,
      terminal: write !== undefined,
    });
    return { name, server: login.server.name, unit, text: stdout, code };
  }
  const bytes = new TextEncoder();
  const onText = write === undefined || !follow ? undefined : (text: string) => write(bytes.encode(text));
  const read = await withEnvironments(context, 'env-logs', ({ ports }) =>
    consoleLog(ports, name, server, { lines, onText }),
  );
  return { name, unit: null, code: 0, ...read };
}

async function loginOf(context: ActionContext, name: string, server: string | undefined): Promise<Login> {
  const login = await withEnvironments(context, 'env-ssh', ({ ports }) => prepareLogin(ports, name, server));
  for (const each of login.unknown)
    inform(
      context,
      `the console of ${each} tells no host key: the one that it first shows is taken`,
      'host-key-unseen',
    );
  return login;
}

function asShell(words: readonly string[]): string {
  return words.map(shellWord).join(' ');
}

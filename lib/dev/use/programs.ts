import { PROGRAM_PATH } from '../../bring-up/program.ts';
import { TandemError } from '../../errors/tandem-error.ts';
import type { DevPorts } from '../ports.ts';
import { prepareLogin } from './login.ts';
import { type AskPrograms, judgePrograms } from './programs-verdict.ts';
import { remoteCommand, runSsh } from './run-ssh.ts';

/** Asked on a server: each component's own health check. */
export const HEALTH_COMMAND = ['sudo', PROGRAM_PATH, 'health'];

/** In seconds: a server that is off answers nothing at all. */
const CONNECT_SECONDS = 10;

/** Asks by SSH, in the way of `env exec`. */
export function askBySsh(ports: DevPorts, environment: NodeJS.ProcessEnv): AskPrograms {
  return async (name, server) => {
    try {
      const { command } = await prepareLogin(ports, name, server);
      const [ssh = 'ssh', ...way] = command;
      const timeout = ['-o', `ConnectTimeout=${CONNECT_SECONDS}`];
      const words = [ssh, ...timeout, ...way, '--', remoteCommand(HEALTH_COMMAND)];
      return judgePrograms(await runSsh(words, { environment, terminal: false }));
    } catch (error) {
      if (!(error instanceof TandemError)) throw error;
      return { kind: 'unreached', reason: error.message };
    }
  };
}

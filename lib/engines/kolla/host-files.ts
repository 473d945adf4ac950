import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream as WebStream } from 'node:stream/web';
import type { HostFiles } from '../../private-cloud/backup/ports.ts';
import { childEnvironment } from '../../processes/child-environment.ts';
import { hostFile } from './errors.ts';

export interface SshFilesProps {
  /** Login on the hosts, who may become root without a password. */
  readonly user: string;
  /** By host. */
  readonly addressOf: (host: string) => string | undefined;
  /** The operator's. */
  readonly environment: NodeJS.ProcessEnv;
}

/**
 * Files of hosts over SSH, as they flow: Ansible's own modules take a whole file into memory. What the operator's SSH asks for (keys,
 * jump hosts, known hosts) is in its configuration.
 */
export function sshFiles({ user, addressOf, environment }: SshFilesProps): HostFiles {
  const start = (host: string, path: string, words: readonly string[], signal: AbortSignal): ChildProcess => {
    // The far end's shell reads these words: no path needs quoting there.
    if (!/^\/[\w./+-]+$/.test(path)) throw hostFile(host, path, 'its path has characters that a shell would read');
    const target = `${user}@${addressOf(host) ?? host}`;
    const args = ['-o', 'BatchMode=yes', '-o', 'ConnectTimeout=20', '--', target, 'sudo', '-n', ...words];
    return spawn('ssh', args, {
      ...{ env: childEnvironment('host-tool', environment), signal },
      stdio: [words[0] === 'cat' ? 'ignore' : 'pipe', words[0] === 'cat' ? 'pipe' : 'ignore', 'ignore'],
    });
  };
  return {
    async read(host, path, signal) {
      const child = start(host, path, ['cat', path], signal);
      return Readable.toWeb(Readable.from(outputOf(child, host, path))) as ReadableStream<Uint8Array>;
    },
    async write(host, path, content, signal) {
      const child = start(host, path, ['dd', `of=${path}`, 'conv=fsync', 'status=none'], signal);
      const [end, sent] = await Promise.allSettled([
        endOf(child, host, path),
        pipeline(Readable.fromWeb(content as WebStream), child.stdin ?? new Writable()),
      ]);
      // Where the program ends early, its code says why; the pipe only says that it broke.
      for (const each of [end, sent]) if (each.status === 'rejected') throw each.reason as Error;
    },
  };
}

async function* outputOf(child: ChildProcess, host: string, path: string): AsyncGenerator<Buffer> {
  const ended = endOf(child, host, path);
  ended.catch(() => undefined);
  for await (const chunk of child.stdout ?? []) yield chunk as Buffer;
  await ended;
}

async function endOf(child: ChildProcess, host: string, path: string): Promise<void> {
  const [code] = (await once(child, 'close').catch((error: unknown) => [String(error)])) as [number | string | null];
  if (code !== 0) throw hostFile(host, path, `ssh ended with ${code === null ? 'a signal' : `exit code ${code}`}`);
}

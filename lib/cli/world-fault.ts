import { TandemError } from '../errors/tandem-error.ts';
import { systemFault } from '../fs/fault.ts';
import * as faults from './errors.ts';

/** What Node, OpenSSL and undici call a fault of the world, with what tells of it. */
interface Fault extends Error {
  readonly code: string;
  readonly syscall?: string;
  readonly path?: string;
  readonly address?: string;
  readonly hostname?: string;
  readonly port?: number;
}

const NETWORK: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was broken',
  ECONNABORTED: 'the connection was broken',
  EPIPE: 'the connection was broken',
  EHOSTUNREACH: 'there is no route to it',
  EHOSTDOWN: 'there is no route to it',
  ENETUNREACH: 'there is no route to it',
  ENETDOWN: 'the network is down',
  EADDRNOTAVAIL: 'this machine has no address for it',
  ETIMEDOUT: 'it did not answer in time',
  UND_ERR_CONNECT_TIMEOUT: 'it did not answer in time',
  UND_ERR_HEADERS_TIMEOUT: 'it did not answer in time',
  UND_ERR_BODY_TIMEOUT: 'it did not answer in time',
  UND_ERR_SOCKET: 'the connection was broken',
};

const FILES: Readonly<Record<string, string>> = {
  ENOENT: 'it does not exist',
  ENOTDIR: 'a part of the path is a file, not a folder',
  EISDIR: 'it is a folder, not a file',
  EEXIST: 'it exists already',
  ENOTEMPTY: 'it is a folder with something in it',
  ELOOP: 'it is a loop of symbolic links',
  ENAMETOOLONG: 'its name is too long for the file system',
  EBUSY: 'another program uses it',
  ETXTBSY: 'another program uses it',
  EXDEV: 'it is on another file system',
  EFBIG: 'it would be too large',
  ESTALE: 'its network file system lost it',
  ENXIO: 'it is a device or pipe that nobody serves',
};

const MEMORY: readonly string[] = ['ENOMEM', 'EAGAIN', 'E2BIG', 'ERR_WORKER_OUT_OF_MEMORY', 'ERR_WORKER_INIT_FAILED'];
const NAMES: readonly string[] = ['ENOTFOUND', 'EAI_AGAIN', 'EAI_NODATA', 'EAI_NONAME'];
const CERTIFICATES =
  /^(?:CERT_|CRL_|ERR_TLS_CERT|ERR_SSL_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|HOSTNAME_MISMATCH|EPROTO$)/;

/**
 * The expected error that a fault of the world is: a server that is away, a program that is not installed, a certificate that is over.
 * The last net: rooms that know what they asked for say more. Undefined for what is a bug.
 */
export function worldFault(error: unknown): TandemError | undefined {
  for (const each of chainOf(error)) {
    const found = each instanceof TandemError ? each : (fromName(each) ?? fromCode(each));
    if (found === undefined) continue;
    if (found !== each) found.cause ??= error;
    return found;
  }
  return undefined;
}

/** An error, what caused it, and what it sums up: a refused connection hides below `fetch failed`. */
function chainOf(error: unknown, depth = 0): Error[] {
  if (!(error instanceof Error) || depth > 8) return [];
  const summed = error instanceof AggregateError ? (error.errors as unknown[]) : [];
  return [error, ...summed, error.cause].flatMap((each) => (each === error ? [error] : chainOf(each, depth + 1)));
}

function fromName(error: Error): TandemError | undefined {
  return error.name === 'TimeoutError' ? faults.timedOut(error.message) : undefined;
}

function fromCode(error: Error): TandemError | undefined {
  if (!('code' in error) || typeof error.code !== 'string') return undefined;
  const fault = error as Fault;
  const { code, syscall = '', path } = fault;
  if (syscall === 'uv_cwd') return faults.workingFolderGone();
  if (syscall.startsWith('spawn') && (code === 'ENOENT' || code === 'ENOTDIR'))
    return faults.programMissing(programOf(fault));
  if (syscall.startsWith('spawn') && code === 'EACCES') return faults.programNotExecutable(programOf(fault));
  if (MEMORY.includes(code)) return faults.outOfMemory(fault.message);
  if (NAMES.includes(code)) return faults.nameNotFound(fault.hostname ?? 'of a server');
  if (CERTIFICATES.test(code)) return faults.certificateRefused(fault.message);
  const system = systemFault(fault);
  if (system instanceof TandemError) return system;
  const network = NETWORK[code];
  if (network !== undefined) return faults.unreachable(addressOf(fault), network);
  const file = FILES[code];
  return file === undefined || path === undefined ? undefined : faults.fileInTheWay(path, file);
}

function programOf({ path, syscall = '' }: Fault): string {
  return path ?? syscall.slice('spawn '.length);
}

function addressOf({ address, hostname, port, path }: Fault): string {
  const host = hostname ?? address ?? path;
  if (host === undefined) return 'a server';
  return port === undefined ? host : `${host}:${port}`;
}

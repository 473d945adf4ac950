import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { isMissing } from '../../fs/files.ts';
import { badWorkload, noSuchWorkload, unknownWorkloadFormat, workloadTooLarge } from '../errors.ts';
import { type CsvOptions, readCsv } from './csv.ts';
import { MADE_WORKLOADS } from './made.ts';
import { readSwf } from './swf.ts';
import type { Workload } from './workload.ts';

/** What a name of a made workload begins with. */
const MADE = 'made:';

/** Names of the workloads that are made up, as the command line takes them. */
export const MADE_NAMES: readonly string[] = Object.keys(MADE_WORKLOADS).map((name) => `${MADE}${name}`);

/** Text of a workload, unpacked, in bytes: what is longer would not fit into memory with its jobs. */
const MOST_BYTES = 128 * 1024 ** 2;

const READERS: Readonly<Record<string, (name: string, text: string, options: CsvOptions) => Workload>> = {
  '.swf': readSwf,
  '.csv': readCsv,
};

/**
 * A workload by the path of a file (`.swf`, `.csv`, each also with `.gz`), or one that is made up (`made:social-week`), of a seed.
 *
 * @param seed - of what is made up, and of jobs that only rates are known of
 * @throws TandemError `no-such-workload`, `unknown-workload-format`, `workload-too-large`, `bad-workload`
 */
export async function openWorkload(
  place: string,
  seed: number,
  options: Omit<CsvOptions, 'seed'> = {},
): Promise<Workload> {
  if (place.startsWith(MADE)) {
    const made = Object.entries(MADE_WORKLOADS).find(([name]) => name === place.slice(MADE.length))?.[1];
    if (made === undefined) throw noSuchWorkload(place, MADE_NAMES);
    return made(seed);
  }
  const [, ending = '', packed] = /(\.[a-z]+)(\.gz)?$/i.exec(place.toLowerCase()) ?? [];
  const read = READERS[ending];
  if (read === undefined) throw unknownWorkloadFormat(place, MADE_NAMES);
  const workload = read(basename(place), await textOf(place, packed !== undefined), { ...options, seed });
  if (workload.at.length === 0) throw badWorkload(basename(place), 1, 'it has no job that ran');
  return workload;
}

async function textOf(place: string, isPacked: boolean): Promise<string> {
  const { size, isFile } = await stat(place).then(
    (found) => ({ size: found.size, isFile: found.isFile() }),
    (error: unknown) => {
      if (isMissing(error)) throw noSuchWorkload(place, MADE_NAMES);
      throw error;
    },
  );
  if (!isFile) throw noSuchWorkload(place, MADE_NAMES);
  const most = `${MOST_BYTES / 1024 ** 2} MiB`;
  if (size > MOST_BYTES) throw workloadTooLarge(place, `${Math.ceil(size / 1024 ** 2)} MiB`, most);
  const bytes = await readFile(place);
  if (!isPacked) return bytes.toString('utf8');
  try {
    return (await promisify(gunzip)(bytes, { maxOutputLength: MOST_BYTES })).toString('utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE')
      throw workloadTooLarge(place, `more than ${most} when it is unpacked`, most);
    throw badWorkload(basename(place), 1, 'the file is no gzip, or is cut off');
  }
}

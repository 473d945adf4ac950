import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { must } from '../../../../lab/servers/run.ts';

export interface Served {
  readonly url: (address: string) => string;
  readonly sha256: string;
  close(): void;
}

/** A folder as an archive, the same bytes every time, which servers fetch from this machine.
 * @param entries what of the folder is in it */
export async function serveRelease(folder: string, archive: string, entries = ['bin', 'lib']): Promise<Served> {
  const words = ['--sort=name', '--mtime=@0', '--owner=0', '--group=0', '--numeric-owner'];
  await must([
    'sh',
    '-euc',
    `tar -C '${folder}' ${words.join(' ')} -cf - ${entries.join(' ')} | gzip -n > '${archive}'`,
  ]);
  const bytes = readFileSync(archive);
  const server = createServer((_request, response) => response.end(bytes));
  await new Promise<void>((done) => server.listen(0, done));
  const { port } = server.address() as AddressInfo;
  return {
    url: (address) => `http://${address}:${port}/program.tar.gz`,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    close: () => {
      server.close();
    },
  };
}

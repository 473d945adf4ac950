import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnWith } from '../../../../lab/servers/run.ts';

const PROGRAM = `import asyncio, sys
async def pump(reader, writer):
    while data := await reader.read(65536):
        writer.write(data)
        await writer.drain()
    writer.close()
async def serve(reader, writer):
    far = await asyncio.open_unix_connection(sys.argv[2])
    await asyncio.gather(pump(reader, far[1]), pump(far[0], writer), return_exceptions=True)
async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", int(sys.argv[1]))
    print("ready", flush=True)
    await server.serve_forever()
asyncio.run(main())
`;

/** Lets programs in a network namespace reach a service of this machine at its own address. Gives what ends it. */
export async function relay(namespace: string, url: string): Promise<() => Promise<void>> {
  const { port } = new URL(url);
  const folder = mkdtempSync(join(tmpdir(), 'tandem-relay-'));
  const socket = join(folder, 'socket');
  const near = createServer((from) => {
    const to = connect(Number(port), '127.0.0.1');
    from.pipe(to).pipe(from);
    for (const each of [from, to]) each.on('error', () => [from, to].forEach((one) => one.destroy()));
  });
  near.listen(socket);
  await once(near, 'listening');
  const inside = spawnWith(['nsenter', `--net=/run/netns/${namespace}`, 'python3', '-c', PROGRAM, port, socket]);
  await once(inside.stdout, 'data');
  return async () => {
    inside.kill('SIGKILL');
    await once(inside, 'exit');
    near.close();
    rmSync(folder, { recursive: true });
  };
}

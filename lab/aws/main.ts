import { startAwsEndpoint } from './server.ts';

/** The endpoint as a process: `main.ts PORT`. Ends on SIGTERM. */
const endpoint = await startAwsEndpoint({
  port: Number(process.argv[2] ?? 0),
  log: (line) => console.log(`${new Date().toISOString()} ${line}`),
});
console.log(`listening on ${endpoint.url}`);
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    void endpoint.close().then(() => process.exit(0));
  });
}

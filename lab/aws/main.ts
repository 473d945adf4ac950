import { parseArgs } from 'node:util';
import { VirtualClock } from './clock.ts';
import { DEFAULT_ACCOUNT, DEFAULT_REGION, labEnvironment } from './credentials.ts';
import { startAwsEndpoint } from './server.ts';

const HELP = `A local AWS for programs that run fleets: EC2, Auto Scaling, CloudWatch, SQS, S3, DynamoDB, SSM, STS, Service Quotas,
CloudFormation on one port, with AWS's limits. Runs until it is interrupted.

  --port N        port on 127.0.0.1 (default: 4566; 0 for any free one)
  --seed TEXT     what ids, boot times and all chance follow from (default: tandem)
  --rate N        seconds of its time in a second (default: 1; 0 stands still until POST /_lab/time)
  --start TIME    its time at the start, as 2026-11-28T12:00:00Z (default: now)
  --no-limits     throttles no call
  --quiet         logs no requests
`;

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '4566' },
    seed: { type: 'string', default: 'tandem' },
    rate: { type: 'string', default: '1' },
    start: { type: 'string' },
    'no-limits': { type: 'boolean', default: false },
    quiet: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
if (values.help) {
  console.log(HELP);
  process.exit(0);
}

const start = values.start === undefined ? undefined : Date.parse(values.start);
const [port, rate] = [Number(values.port), Number(values.rate)];
if (!Number.isInteger(port) || !(rate >= 0) || Number.isNaN(start)) {
  console.error(`--port, --rate or --start is not what it should be\n\n${HELP}`);
  process.exit(1);
}

const endpoint = await startAwsEndpoint({
  ...{ port, seed: values.seed },
  clock: new VirtualClock({ rate, ...(start !== undefined && { start }) }),
  model: values['no-limits'] ? { limits: { enforced: false } } : {},
  ...(!values.quiet && { log: (line: string) => console.log(`${new Date().toISOString()} ${line}`) }),
});
const variables = Object.entries(labEnvironment(endpoint.url, DEFAULT_ACCOUNT, DEFAULT_REGION));
console.log(`listening on ${endpoint.url}`);
console.log(variables.map(([name, value]) => `export ${name}=${value}`).join('\n'));
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    void endpoint.close().then(() => process.exit(0));
  });
}

import { readFileSync, watchFile } from 'node:fs';
import { parseArgs } from 'node:util';
import { VirtualClock } from './clock.ts';
import { instancesByAddress, makeCluster, putParameters, readCluster } from './cluster.ts';
import { DEFAULT_ACCOUNT, DEFAULT_REGION, labEnvironment } from './credentials.ts';
import { startSharedMetadataService } from './imds/server.ts';
import { startAwsEndpoint } from './server.ts';

const HELP = `A local AWS for programs that run fleets: EC2, Auto Scaling, CloudWatch, SQS, S3, DynamoDB, SSM, STS, Service Quotas,
CloudFormation on one port, with AWS's limits. Runs until it is interrupted.

  --port N        port on 127.0.0.1 (default: 4566; 0 for any free one)
  --host ADDRESS  address to answer on (default: 127.0.0.1)
  --secret-file F secret of all access keys, in a file (default: one that follows from the account, which everybody knows)
  --cluster FILE  what an analysis cluster has, made at the start (tandem.lab-cluster/1); its machines ask for
                  their metadata at the next port
  --seed TEXT     what ids, boot times and all chance follow from (default: tandem)
  --rate N        seconds of its time in a second (default: 1; 0 stands still until POST /_lab/time)
  --start TIME    its time at the start, as 2026-11-28T12:00:00Z (default: now)
  --no-limits     throttles no call
  --quiet         logs no requests
`;

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '4566' },
    host: { type: 'string', default: '127.0.0.1' },
    'secret-file': { type: 'string' },
    cluster: { type: 'string' },
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

const secretFile = values['secret-file'];
const secretAccessKey = secretFile === undefined ? undefined : readFileSync(secretFile, 'utf8').trim();
// Of a cluster whose machines are there already: nobody waits for them to be made.
const none = { mean: 0, spread: 0 };
const cluster = values.cluster === undefined ? undefined : readCluster(values.cluster);
const atOnce =
  cluster === undefined
    ? {}
    : { timings: { boot: none, running: none, terminate: none }, consistency: { share: 0, mostSeconds: 0 } };
const endpoint = await startAwsEndpoint({
  ...{ port, host: values.host, secretAccessKey, seed: values.seed },
  clock: new VirtualClock({ rate, ...(start !== undefined && { start }) }),
  model: { ...atOnce, ...(values['no-limits'] ? { limits: { enforced: false } } : {}) },
  ...(!values.quiet && { log: (line: string) => console.log(`${new Date().toISOString()} ${line}`) }),
});
if (cluster !== undefined && values.cluster !== undefined) {
  const file = values.cluster;
  const realm = await makeCluster(endpoint.state, cluster);
  // Workers read what is new at their next start.
  watchFile(file, { interval: 5000 }, () => {
    try {
      putParameters(realm, readCluster(file));
    } catch (error) {
      console.error(`${file} is not read: ${String(error)}`);
    }
  });
  const instanceOf = instancesByAddress(realm, cluster, () => readCluster(file).workers);
  const services = await startSharedMetadataService(realm, instanceOf, { host: values.host, port: port + 1 });
  console.log(`metadata of its machines on ${services.url}`);
}
const variables = Object.entries(labEnvironment(endpoint.url, DEFAULT_ACCOUNT, DEFAULT_REGION));
console.log(`listening on ${endpoint.url}`);
if (secretAccessKey === undefined) console.log(variables.map(([name, value]) => `export ${name}=${value}`).join('\n'));
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    void endpoint.close().then(() => process.exit(0));
  });
}

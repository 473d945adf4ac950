import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type AwsEndpoint, labEnvironment, startAwsEndpoint } from '../../../lab/aws/index.ts';
import type { Lab } from '../../../lab/openstack/index.ts';
import type { StackId } from '../../../lib/stack/id.ts';
import { createBootstrap, createDeployRole, publishConsul } from '../aws/operator.ts';
import { healthyLab } from '../support/lab.ts';
import { type Checkout, ensureBase, openCheckout, type Run, type TracedPort } from './checkout.ts';

const ACCOUNT = '222233334444';
const REGION = 'eu-west-3';

const portSchema = z.object({
  id: z.string(),
  name: z.string(),
  network_id: z.string(),
  mac_address: z.string(),
  device_owner: z.string(),
  fixed_ips: z.array(z.object({ ip_address: z.string() })),
});
export type Port = z.infer<typeof portSchema>;
const outputsSchema = z.object({ outputs: z.record(z.string(), z.unknown()) });

/** One project whose clouds are the lab and the AWS emulator. */
export interface BothClouds {
  readonly lab: Lab;
  readonly aws: AwsEndpoint;
  readonly operator: Checkout;
  /** The emulator's account of the environment. */
  realm(): ReturnType<AwsEndpoint['state']['realm']>;
  /** Runs `tandem`, which has to end with 0. */
  ok(...args: string[]): Promise<Run>;
  outputs(stack: StackId): Promise<Readonly<Record<string, unknown>>>;
  ports(query: string): Promise<readonly Port[]>;
  close(): Promise<void>;
}

/** @param files more files of the configuration, by path @param names zone of the environment that the cloud asks for */
export async function openBothClouds(files: Readonly<Record<string, string>>, names: string): Promise<BothClouds> {
  const lab = await healthyLab();
  const aws = await startAwsEndpoint({ stepMilliseconds: 25 });
  const operator = await openCheckout(lab, files, labEnvironment(aws.url, ACCOUNT, REGION));
  const link = join(operator.root, 'config/links/rehearsal.yaml');
  writeFileSync(link, readFileSync(link, 'utf8').replace(/^names: .*$/m, `names: { zone: ${names} }`));
  operator.git('commit', '-q', '-a', '-m', 'Names');
  await createDeployRole(aws.url, ACCOUNT, REGION);
  await createBootstrap(aws.url, ACCOUNT, REGION);
  await publishConsul(aws.url, ACCOUNT, REGION);
  await ensureBase(operator);
  return {
    ...{ lab, aws, operator },
    realm: () => aws.state.realm(ACCOUNT, REGION),
    async ok(...args) {
      const run = await operator.tandem(...args);
      if (run.code !== 0) throw new Error(`tandem ${args.join(' ')} ended with ${run.code}: ${run.log.slice(-3000)}`);
      return run;
    },
    outputs: async (stack) => outputsSchema.parse(await operator.json('output', stack)).outputs,
    ports: async (query) => operator.client.list('network', `/ports?${query}`, 'ports', portSchema),
    async close() {
      await aws.close();
      operator.remove();
    },
  };
}

/** A port as packets of a trace come from it. */
export function traced(port: Port | undefined): TracedPort & { readonly name: string } {
  if (port === undefined) throw new Error('there is no such port');
  return { ...port, address: port.fixed_ips[0]?.ip_address ?? '' };
}

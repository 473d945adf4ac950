import { afterAll, beforeAll, expect, it } from 'vitest';
import { resultOf, sendJobs } from '../../docs/examples/aws/submit-jobs.ts';
import { labEnvironment } from '../../lab/aws/credentials.ts';
import { ACCOUNT, type LabJobs, labJobs, REGION, taken } from '../lib/jobs/lab-cluster.ts';

let lab: LabJobs;
beforeAll(async () => {
  lab = await labJobs();
  Object.assign(process.env, labEnvironment(lab.endpoint.url, ACCOUNT, REGION));
});
afterAll(() => lab.close());

it('the example of an application sends jobs and fetches results', async () => {
  const jobs = Array.from({ length: 23 }, (_, index) => ({ id: `app-${index}`, n: index }));
  await sendJobs('acme-prod', 'urgent', jobs);
  expect(taken(lab.urgent)).toEqual(jobs.map((job) => JSON.stringify(job)));
  expect(await resultOf('acme-prod', 'app-1')).toBeUndefined();
  lab.putResult('app-1', 'one');
  expect(Buffer.from((await resultOf('acme-prod', 'app-1'))!).toString()).toBe('one');
});

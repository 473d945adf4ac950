import { describe, expect, test } from 'vitest';
import { workerFiles } from '../../../lib/aws/worker-bootstrap.ts';
import { analysisWorker } from '../../../lib/components/analysis-worker/component.ts';
import { awsEndpoint } from '../../../lib/components/aws-endpoint/component.ts';
import { parseWorkerConfig } from '../../../packages/worker-agent/src/worker-config.ts';
import { brokenPlaceholders } from './rendering.ts';
import { fileOf, parsableFile, tierInputs } from './tier-inputs.ts';

const ARTEFACT = { url: 'https://artefacts.example.org/x', sha256: 'a'.repeat(64) };
const ENDPOINT = {
  ...{ workers: { tier: 'worker' }, program: ARTEFACT, agent: ARTEFACT, agentVersion: '0.3.0' },
};
const WORKER = { endpoint: { tier: 'aws' } };

describe('the AWS endpoint of a lease', () => {
  test('fills in all that it names', () => {
    expect(brokenPlaceholders(awsEndpoint, ENDPOINT)).toEqual([]);
    expect(brokenPlaceholders(analysisWorker, WORKER)).toEqual([]);
  });

  test('tells workers what production tells them, as the agent reads it', () => {
    const inputs = tierInputs(awsEndpoint, ENDPOINT, { count: 1, counts: { worker: 2 } });
    const shown = parsableFile(awsEndpoint, inputs, '/etc/tandem-aws/cluster.json').replace('[x]', '[]');
    const cluster = JSON.parse(shown) as {
      readonly parameters: Readonly<Record<string, unknown>>;
    };
    const text = JSON.stringify(cluster.parameters['/tandem/alice/worker']);
    expect(parseWorkerConfig(text)).toMatchObject({
      ...{ cluster: 'alice', region: 'eu-west-3', slots: 1, bucket: 'alice-results', group: 'alice-workers' },
      program: { kind: 'command', command: ['/opt/tandem/jobs/word-statistics'] },
      queues: [{ name: 'jobs', visibilityTimeoutSeconds: 300, timeoutSeconds: 1800, maximumReceives: 5 }],
      heartbeats: { table: 'alice-heartbeats', everySeconds: 15 },
    });
  });

  test('has settings that people tune in values, so that no server is replaced for them', () => {
    const texts = (settings: object) => awsEndpoint.files(tierInputs(awsEndpoint, { ...ENDPOINT, ...settings }));
    const other = { ...ARTEFACT, sha256: 'b'.repeat(64) };
    expect(texts({ timeoutSeconds: 60, command: ['/bin/true'], program: other, agent: other })).toEqual(texts({}));
  });

  test.each([
    ['two of them', { count: 2, runs: { worker: { 'analysis-worker': {} } } }, 'single-member'],
    ['workers that do no jobs', { count: 1, runs: { worker: { nginx: {} } } }, 'component-not-there'],
    ['one with workers', { count: 1, runs: { worker: { 'analysis-worker': {} } } }, undefined],
  ])('is checked: %s', (_, more, code) => {
    const found = awsEndpoint.check?.({ ...tierInputs(awsEndpoint, ENDPOINT), ...more }) ?? [];
    expect(found.map((each) => each.code)).toEqual(code === undefined ? [] : [code]);
  });
});

describe('a worker of a lease', () => {
  test('has the files of production, and the environment besides', () => {
    const inputs = tierInputs(analysisWorker, WORKER);
    for (const { path, content } of workerFiles({ parameterName: '/tandem/alice/worker', region: 'eu-west-3' })) {
      const own = fileOf(analysisWorker, inputs, path);
      if (path === '/etc/tandem/worker.env') expect(own.startsWith(content)).toBe(true);
      else expect(own).toBe(content);
    }
  });

  test('has the key of its endpoint, readable by root alone', () => {
    const file = analysisWorker
      .files(tierInputs(analysisWorker, WORKER))
      .find(({ path }) => path === '/etc/tandem/worker.env');
    expect(file?.mode).toBe('0600');
    expect(analysisWorker.secrets).toEqual([{ ...awsEndpoint.secrets?.[0], of: 'aws-endpoint' }]);
  });

  test.each([
    ['no endpoint', { aws: {} }, 'component-not-there'],
    ['one of another Region', { aws: { 'aws-endpoint': { region: 'eu-west-1' } } }, 'other-region'],
    ['its own', { aws: { 'aws-endpoint': { region: 'eu-west-3' } } }, undefined],
  ])('is checked: a tier with %s', (_, runs, code) => {
    const found = analysisWorker.check?.({ ...tierInputs(analysisWorker, WORKER), runs }) ?? [];
    expect(found.map((each) => each.code)).toEqual(code === undefined ? [] : [code]);
  });
});

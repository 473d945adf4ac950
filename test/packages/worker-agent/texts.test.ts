import { describe, expect, test } from 'vitest';
import { workerBootstrap } from '../../../lib/aws/worker-bootstrap.ts';
import { InvalidWorkerConfig } from '../../../packages/worker-agent/src/fields.ts';
import { parseJob } from '../../../packages/worker-agent/src/job.ts';
import { wordStatistics } from '../../../packages/worker-agent/src/jobs/word-statistics.ts';
import { jsonLog } from '../../../packages/worker-agent/src/log.ts';
import { redact } from '../../../packages/worker-agent/src/redact.ts';
import { VERSION } from '../../../packages/worker-agent/src/version.ts';
import { parseWorkerConfig } from '../../../packages/worker-agent/src/worker-config.ts';
import { growth, LINEAR } from '../../growth.ts';
import { NODE_FLAGS } from './agent-process.ts';
import { workerConfigText } from './config.ts';

describe('a log line', () => {
  test.each([
    ['key AKIAIOSFODNN7EXAMPLE', 'key ***'],
    ['{"SecretAccessKey":"wJalrXUtnFEMI"}', '{"SecretAccessKey":"***"}'],
    ['DB_PASSWORD=hunter22 next', 'DB_PASSWORD=*** next'],
    ['Authorization: Bearer abc.def-ghi', 'Authorization: ***'],
    ['session token: abcdef', 'session token: ***'],
    ['-----BEGIN RSA PRIVATE KEY-----\nabc', '***'],
    ['token=abcd1234 and api_key: "two words"', 'token=*** and api_key: "***"'],
    ['tool --password hunter22 --verbose', 'tool --password *** --verbose'],
    ['postgres://app:p@ss:word@db.internal:5432/x?sslmode=on', 'postgres://app:***@db.internal:5432/x?sslmode=on'],
    ['https://0123456789abcdef0123@github.com/acme/x', 'https://***@github.com/acme/x'],
    ['got eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl back', 'got *** back'],
    [`ghp_${'a1'.repeat(18)} glpat-${'b2'.repeat(10)} xoxb-1234567890-abc`, '*** *** ***'],
    ['?X-Amz-Signature=0a1b2c3d&x=1', '?X-Amz-Signature=***&x=1'],
    ['{"line":"{\\"db_password\\":\\"hunter22\\"}"}', '{"line":"{\\"db_password\\":\\"***"}'],
    ['password=abc :secret=>"hunter22" pwd := hunter22', 'password=*** :secret=>"***" pwd := ***'],
    ['<db:password kind="x">hunter22</db:password>', '<db:password kind="x">***</db:password>'],
    ['curl -u admin:hunter22 https://x', 'curl -u admin:*** https://x'],
    ['mysql -h x -phunter22 db', 'mysql -h x -p*** db'],
    ['jdbc:oracle:thin:scott/tiger22@//db:1521/x', 'jdbc:oracle:thin:scott/***@//db:1521/x'],
    [
      'redis://:hunter22@cache:6379/0 https://h/x?sv=1&sig=aGVsbG8%3D',
      'redis://:***@cache:6379/0 https://h/x?sv=1&sig=***',
    ],
    ['AccountName=a;AccountKey=abcd1234==;EndpointSuffix=x', 'AccountName=a;AccountKey=***;EndpointSuffix=x'],
    ['Set-Cookie: sid=abcd1234; HttpOnly', 'Set-Cookie: ***'],
    ['machine h login a password hunter22', 'machine h login a password ***'],
    ["create user a identified by 'hunter22'", "create user a identified by '***'"],
    ['token: |\n  hunter22\nnext: 1', 'token: |\n  ***\nnext: 1'],
    ['password%22%3A%22hunter22%22', 'password%22%3A***'],
    ['//registry.example.org/:_auth=aHVudGVy', '//registry.example.org/:_auth=***'],
    [`whsec_${'a1'.repeat(9)} xapp-1-A0-123-abcd`, '*** ***'],
    [`cut off\n${'MIIE'.repeat(9)}\n-----END RSA PRIVATE KEY-----\nnext`, '***\nnext'],
    ['--- PASS: TestLogin (0.1 s)', '--- PASS: TestLogin (0.1 s)'],
    ['signature verified, password is wrong', 'signature verified, password is wrong'],
    ['the job counts tokens', 'the job counts tokens'],
    ['https://example.org/a?page=2 at 12:30', 'https://example.org/a?page=2 at 12:30'],
  ])('blots out %s', (text, kept) => expect(redact(text)).toBe(kept));

  // A job that keeps its agent busy with what it prints is taken for a machine that died, and goes on to the next one.
  test.each(['token', 'token-', 'password="', 'eyJ-', 'a://', '-----BEGIN PRIVATE KEY-----', ' --', '<password '])(
    'is made of %j again and again in a time that grows with their number',
    (text) => {
      // Backtracking took six seconds for 36 kB, or ten minutes.
      const redacted = (size: number) => {
        const long = text.repeat(size / text.length);
        return () => void redact(long);
      };
      expect(growth(redacted, 36_000)).toBeLessThan(LINEAR);
    },
  );

  test('is one JSON object, from a level up', () => {
    const lines: string[] = [];
    const log = jsonLog(
      (line) => lines.push(line),
      'info',
      () => 0,
    );
    log('debug', 'left out');
    log('warn', 'two\nlines', { why: 'token=secret-value', count: 2 });
    expect(lines).toEqual([
      '{"time":"1970-01-01T00:00:00.000Z","level":"warn","message":"two\\nlines","why":"token=***","count":2}\n',
    ]);
  });
});

describe('a job', () => {
  test.each(['', 'no JSON', '[1]', '"a"', 'null', '{"id":"../up"}', '{"id":7}', '{"id":""}'])('is not %j', (body) =>
    expect(parseJob(body, 'message')).toBeUndefined(),
  );
});

describe('the worker configuration', () => {
  test.each([
    ['no JSON', 'no JSON'],
    ['{}', 'format is missing'],
    ['{"format":"tandem.worker/1"}', 'format is "tandem.worker/1"; this agent understands tandem.worker/2'],
    [workerConfigText({ heartbeats: undefined }), 'heartbeats is missing'],
    [workerConfigText({ queues: [] }), 'queues is []; it should be a list'],
    [workerConfigText({ queues: [{ name: 'jobs', url: 'q' }] }), 'visibilityTimeoutSeconds is missing'],
    [workerConfigText({ program: { kind: 'archive', command: ['a'], version: '1' } }), 'bucket is missing'],
    [workerConfigText({ program: { kind: 'zip' } }), 'kind is "zip"; it should be command or archive or container'],
    [workerConfigText({ program: { kind: 'command', command: 'a b', version: '1' } }), 'command is "a b"'],
  ])('fails for %s', (text, message) => {
    expect(() => parseWorkerConfig(text)).toThrow(InvalidWorkerConfig);
    expect(() => parseWorkerConfig(text)).toThrow(message);
  });

  test('has its queues by falling priority, and defaults for what is not said', () => {
    const queue = { url: 'q', visibilityTimeoutSeconds: 30, timeoutSeconds: 60 };
    const queues = [
      { ...queue, name: 'slow', priority: 1 },
      { ...queue, name: 'urgent', priority: 10, maximumReceives: 3, timeoutSeconds: 90 },
    ];
    const config = parseWorkerConfig(workerConfigText({ queues, limits: { memoryMiB: 512 } }));
    expect(config.queues.map(({ name, maximumReceives }) => [name, maximumReceives])).toEqual([
      ['urgent', 3],
      ['slow', 5],
    ]);
    expect(config).toMatchObject({
      ...{ slots: 1, limits: { memoryMiB: 512, processes: undefined }, drainSeconds: 90 },
      breaker: { consecutiveFailures: 5, window: 20, failureShare: 0.8 },
    });
  });
});

describe('word statistics', () => {
  const documents = (content: string, cut: number) => ({
    list: async () => ['a'],
    read: async function* () {
      const bytes = Buffer.from(content);
      yield bytes.subarray(0, cut);
      yield bytes.subarray(cut);
    },
  });

  test('do not depend on where a document is cut', async () => {
    const text = 'Été, été; l’été\nwell-known';
    const all = await Promise.all(
      Array.from({ length: Buffer.byteLength(text) }, (_, cut) =>
        wordStatistics({ documents: ['a'] }, documents(text, cut)),
      ),
    );
    expect(new Set(all.map((result) => JSON.stringify(result))).size).toBe(1);
    expect(all[0]).toMatchObject({
      words: 4,
      distinct: 3,
      longest: 'well-known',
      most: [{ word: 'été', count: 2 }, {}, {}],
    });
  });

  test('fails for a job that names no documents', () =>
    expect(wordStatistics({}, documents('', 0))).rejects.toThrow('names no documents'));
});

describe('the instance', () => {
  const script = workerBootstrap({ parameterName: '/p', region: 'eu-west-3' });

  test('starts the agent with the flags that it is tested with', () =>
    expect(script).toContain(`node ${NODE_FLAGS.join(' ')} /opt/tandem/worker-agent.mjs`));

  test('has the sample job', () => expect(script).toContain('worker-agent.mjs job word-statistics'));

  test('gets the version that configuration names by default', () => expect(VERSION).toBe('0.3.0'));
});

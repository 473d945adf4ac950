import { describe, expect, test } from 'vitest';
import { jvmService } from '../../../../lib/components/jvm-service/component.ts';
import type { JvmServiceSettings } from '../../../../lib/components/jvm-service/settings.ts';
import { fileOf, type TierWords, tierInputs } from '../tier-inputs.ts';

const JAR = { url: 'https://repo.example.org/feed-1.4.0.jar', sha256: '0'.repeat(64) };
const UNIT = '/etc/systemd/system/jvm-service.service';
const inputs = (settings: object, tier: TierWords = {}) => tierInputs<JvmServiceSettings>(jvmService, settings, tier);

describe('what a service is told', () => {
  test('another release changes no file, only values that stand in metadata', () => {
    const next = { url: 'https://repo.example.org/feed-1.5.0.jar', sha256: '1'.repeat(64) };
    const texts = (jar: object) => jvmService.files(inputs({ jar })).map(({ content }) => content);
    expect(texts(next)).toEqual(texts(JAR));
    expect(jvmService.values(inputs({ jar: next }))).toMatchObject({ jarUrl: next.url, jarSha256: next.sha256 });
  });

  test('it finds the servers of the tiers that it connects to', () => {
    const connected = inputs({ jar: JAR, connects: { GRID: { tier: 'grid' }, CASSANDRA: { tier: 'cassandra' } } });
    expect(jvmService.peers(connected.settings, 'web')).toEqual(['cassandra', 'grid']);
    expect(fileOf(jvmService, connected, '/etc/jvm-service/environment')).toContain(
      'CASSANDRA_HOSTS="@{peers|cassandra|*|,|{address}}"\nGRID_HOSTS="@{peers|grid|*|,|{address}}"\n',
    );
  });

  test('variables stand in metadata, their names in the file', () => {
    const varied = inputs({ jar: JAR, variables: { MODE: 'replay' } });
    expect(fileOf(jvmService, varied, '/etc/jvm-service/environment')).toContain('MODE="@{value variable-MODE}"');
    expect(jvmService.values(varied)['variable-MODE']).toBe('replay');
  });

  test('a jar is fetched before each start, a command is run as it is', () => {
    expect(fileOf(jvmService, inputs({ jar: JAR, arguments: ['--port', '8080'] }), UNIT)).toContain(
      'ExecStartPre=/usr/local/lib/tandem/jvm-service-fetch\nExecStart=/usr/bin/java -jar /var/lib/jvm-service/service.jar --port 8080\n',
    );
    const command = fileOf(jvmService, inputs({ command: '/opt/feed/bin/feed' }), UNIT);
    expect(command).toContain('ExecStart=/opt/feed/bin/feed\n');
    expect(command).not.toContain('ExecStartPre');
  });

  test('the JVM ends where memory is short, and takes half of the flavor', () => {
    expect(fileOf(jvmService, inputs({ jar: JAR }), '/etc/jvm-service/environment')).toContain(
      '-Xmx@{value heapMiB}m -XX:+UseG1GC -XX:+ExitOnOutOfMemoryError',
    );
    expect(jvmService.values(inputs({ jar: JAR }, { memoryMiB: 4096 }))['heapMiB']).toBe(2048);
  });
});

describe('what is refused', () => {
  const codes = (settings: object, tier: TierWords = {}) =>
    jvmService.check?.(inputs(settings, tier)).map(({ at, code }) => [at.join('.'), code]);

  test('fails for nothing to run, and for two things', () => {
    expect(codes({})).toEqual([['settings', 'nothing-to-run']]);
    expect(codes({ jar: JAR, command: '/opt/feed/bin/feed' })).toEqual([['settings.command', 'nothing-to-run']]);
    expect(codes({ jar: JAR })).toEqual([]);
  });

  test('fails for a heap above three quarters of the flavor', () => {
    expect(codes({ jar: JAR, heapMiB: 1600 }, { memoryMiB: 2048 })).toEqual([
      ['settings.heapMiB', 'heap-above-flavor'],
    ]);
  });

  test.each([
    ['an argument that systemd would expand', { arguments: ['%h'] }],
    ['an argument with a space', { arguments: ['a b'] }],
    ['a value that Terraform would evaluate', { variables: { A: '%{ if }' } }],
    ['a value that a shell would', { variables: { A: '$HOME' } }],
    ['a variable in small letters', { variables: { path: 'x' } }],
    ['a checksum that is none', { jar: { ...JAR, sha256: 'abc' } }],
    ['a command in words', { command: 'java -jar x' }],
    ['a port that only root opens', { port: 80 }],
  ])('fails for %s', (_what, settings) => {
    expect(jvmService.settings.safeParse({ jar: JAR, ...settings }).success).toBe(false);
  });
});

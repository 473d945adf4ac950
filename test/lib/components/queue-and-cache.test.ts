import { describe, expect, it } from 'vitest';
import { memcached } from '../../../lib/components/memcached/component.ts';
import { rabbitmq } from '../../../lib/components/rabbitmq/component.ts';
import { redis } from '../../../lib/components/redis/component.ts';
import { brokenPlaceholders, file, findings } from './rendering.ts';
import { tierInputs } from './tier-inputs.ts';

describe('rabbitmq', () => {
  it('knows its members by the names that its data has', () => {
    expect(file(rabbitmq, '/etc/rabbitmq/conf.d/50-members.conf')).toBe(
      '@{peers|store|*|\\n|cluster_formation.classic_config.nodes.{index} = rabbit@{name}}\n',
    );
    expect(file(rabbitmq, '/etc/rabbitmq/rabbitmq-env.conf')).toBe('NODENAME=rabbit@@{name}\n');
  });

  it('makes quorum queues of what clients declare', () => {
    const definitions = file(rabbitmq, '/etc/rabbitmq/definitions.json').replace('@{value delivery-limit}', '20');
    expect(JSON.parse(definitions)).toMatchObject({
      vhosts: [{ name: '/', metadata: { default_queue_type: 'quorum' } }],
      users: [{ name: 'app', password: '@{secret password}' }],
      policies: [{ definition: { 'delivery-limit': 20 } }],
    });
  });

  it('keeps a majority', () => {
    expect(rabbitmq.quorum?.(tierInputs(rabbitmq, {}))).toEqual({ members: 3, needed: 2 });
    expect(rabbitmq.quorum?.(tierInputs(rabbitmq, {}, { count: 5 }))).toEqual({ members: 5, needed: 3 });
    expect([1, 3, 5].flatMap((count) => findings(rabbitmq, {}, { count }))).toEqual([]);
  });

  it('fails with an even count', () => {
    const [finding] = findings(rabbitmq, {}, { count: 4 });
    expect(finding).toMatchObject({ at: ['count'], code: 'even-members', fix: 'use 3 or 5' });
    expect(finding?.message).toBe('got 4; RabbitMQ decides by majority, and 4 members survive no more losses than 3');
  });

  it('takes some memory before publishers wait', () => {
    const takes = (memoryPercent: number) => rabbitmq.settings.safeParse({ memoryPercent }).success;
    expect([0, 1, 100].map(takes)).toEqual([false, true, true]);
  });

  it('changes numbers without a new text', () => {
    const text = (settings: object) => rabbitmq.files(tierInputs(rabbitmq, settings));
    expect(text({ memoryPercent: 40, diskFreeGiB: 5, deliveryLimit: 3, netTickSeconds: 30 })).toEqual(text({}));
  });

  it('leaves nothing that a server cannot fill in', () => {
    expect(brokenPlaceholders(rabbitmq)).toEqual([]);
  });
});

describe('memcached', () => {
  it('says each option on a line of its own', () => {
    const lines = file(memcached, '/etc/memcached.conf').trimEnd().split('\n');
    expect(lines).toContain('-l @{address},127.0.0.1');
    expect(lines.every((line) => /^-[A-Za-z] (\S+|@\{value \w+\})$/.test(line))).toBe(true);
    expect(brokenPlaceholders(memcached)).toEqual([]);
  });

  it('fails with more memory than its flavor can give', () => {
    const [finding] = findings(memcached, { memoryMiB: 4000 });
    expect(finding).toMatchObject({ at: ['settings', 'memoryMiB'], code: 'memory-above-flavor' });
    expect(finding?.fix).toBe('write at most 3276, or take a flavor of 5000 MiB or more');
    expect(findings(memcached, { memoryMiB: 3276 })).toEqual([]);
  });
});

describe('redis', () => {
  it('keeps nothing by default, as a cache', () => {
    expect(file(redis, '/etc/redis/redis.conf')).toMatch(/^save ""\nappendonly no$/m);
  });

  it.each([
    ['second', 'appendfsync everysec'],
    ['always', 'appendfsync always'],
  ])('keeps what it is told to: %s', (keep, line) => {
    expect(file(redis, '/etc/redis/redis.conf', { keep })).toContain(line);
  });

  it('tells its own client the password in a file that root alone reads', () => {
    const asked = redis
      .files(tierInputs(redis, { password: true }))
      .find(({ path }) => path.endsWith('client-environment'));
    expect(asked).toMatchObject({ mode: '0600', content: 'export REDISCLI_AUTH=@{secret password}\n' });
    expect(redis.files(tierInputs(redis, {})).map(({ path }) => path)).toEqual(['/etc/redis/redis.conf']);
    expect(brokenPlaceholders(redis, { password: true })).toEqual([]);
  });

  it('fails where a rewrite of its file would not fit', () => {
    expect(findings(redis, { memoryMiB: 3000 })).toEqual([]);
    const [finding] = findings(redis, { memoryMiB: 3000, keep: 'second' });
    const fix = 'write at most 2048, or take a flavor of 6000 MiB or more';
    expect(finding).toMatchObject({ code: 'memory-above-flavor', fix });
  });
});

import { describe, expect, it } from 'vitest';
import { meantBy, nearest, nearestOf } from '../../../lib/text/nearest.ts';

describe('nearest', () => {
  it('gives names within a third of their letters, likeliest first', () => {
    expect(nearest('alise', ['bob', 'alina', 'alice', 'prod'])).toEqual(['alice', 'alina']);
  });

  it('goes by any form of a name', () => {
    const ids = ['openstack/paris/dev/alice', 'aws/prod/network'];
    expect(nearest('alise', ids, (id) => [id, id.split('/').at(-1) ?? ''])).toEqual(['openstack/paris/dev/alice']);
  });

  it('gives those that contain what was received after those that nearly are it', () => {
    expect(nearest('queue', ['job_queue_alarm', 'queues'])).toEqual(['queues', 'job_queue_alarm']);
    expect(nearest('job', ['job_queue_alarm'])).toEqual([]);
  });

  it('gives three at most, and none for a book', () => {
    expect(nearest('web-0', ['web-1', 'web-2', 'web-3', 'web-4'])).toEqual(['web-1', 'web-2', 'web-3']);
    expect(nearest('x'.repeat(1000), ['x'.repeat(999)])).toEqual([]);
  });
});

describe('one name', () => {
  it('is the nearest, or the only one that ends in what was received', () => {
    expect(nearestOf('lagre', ['tiny', 'large'])).toBe('large');
    expect(nearestOf('balancer', ['loadBalancer', 'name'])).toBe('loadBalancer');
    expect(nearestOf('balancer', ['loadBalancer', 'internalLoadBalancer'])).toBeUndefined();
    expect(nearestOf('x', ['y'])).toBeUndefined();
  });

  it('is meant only where hardly anything else can be', () => {
    expect(meantBy('flavr', ['flavor'])).toBe('flavor');
    expect(meantBy('ab', ['abcd'])).toBeUndefined();
  });
});

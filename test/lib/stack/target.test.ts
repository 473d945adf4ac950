import { describe, expect, it } from 'vitest';
import { describeTarget, isSamePlace } from '../../../lib/stack/target.ts';

const place = { account: '111122223333', region: 'eu-west-3', role: 'tandem-deploy' };

describe('targets', () => {
  it.each(['account', 'region'])('another %s is another place', (word) => {
    expect(isSamePlace(place, { ...place, [word]: 'other' })).toBe(false);
  });

  it.each(['endpoint', 'domain', 'project', 'a word of a later engine'])('another %s is another place', (word) => {
    expect(isSamePlace({ [word]: 'one' }, { [word]: 'other' })).toBe(false);
  });

  it.each(['role', 'credentials', 'login', 'secrets'])('another %s is another way to the same place', (word) => {
    expect(isSamePlace({ ...place, [word]: 'one' }, { ...place, [word]: 'other' })).toBe(true);
  });

  it('a word that one of both lacks tells nothing', () => {
    expect(isSamePlace({ region: 'eu-west-3' }, place)).toBe(true);
    expect(isSamePlace(place, { region: 'eu-west-3' })).toBe(true);
    expect(isSamePlace({}, place)).toBe(true);
  });

  it('a URL is one with or without a slash at its end, and whatever the case of its host', () => {
    const at = (endpoint: string) => ({ endpoint });
    expect(isSamePlace(at('https://Paris.example.org:5000/v3'), at('https://paris.example.org:5000/v3/'))).toBe(true);
    expect(isSamePlace(at('https://paris.example.org:5000/v3'), at('https://lyon.example.org:5000/v3'))).toBe(false);
  });

  it('is told by its place alone', () => {
    expect(describeTarget(place)).toBe('account 111122223333, region eu-west-3');
  });
});

import { expect, test } from 'vitest';
import { variablesOf } from '../../../../lib/engines/terraform/variables.ts';
import { stack } from './with-variables.ts';

test('gives what is known; of a removal, what nobody knows any more is empty', () => {
  const known = { ...stack, given: { tunnel_11: '198.51.100.7', other: 'of no variable' } };
  expect(variablesOf(known, false)).toEqual({ TF_VAR_tunnel_11: '198.51.100.7' });
  expect(variablesOf(stack, false)).toEqual({});
  expect(variablesOf(stack, true)).toEqual({ TF_VAR_tunnel_11: '' });
});

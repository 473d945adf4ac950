import { expect, it } from 'vitest';
import { CODE_ROOT } from '../../../lib/synthesis/code.ts';
import { tandemInProcess } from './in-process.ts';

it.each([
  ['plan --parallelism 0', 'parallelism: got "0"', 'write a whole number from 1 to 256'],
  ['cloud capacity --for di', 'for: got "di"', 'write --for <blueprint>=<count>, e.g. --for di=5'],
  ['secret put State!', 'got "State!"', 'write secret:NAME, in small letters, digits, / _ and -'],
  ['env borrow', 'there is no verb "borrow"', '`tandem --help` lists them; for those behind a word, such as env,'],
  ['env delete', 'expected argument for name', 'the same command with --help shows what it takes'],
  ['env status', 'expected argument for name', 'the same command with --help shows what it takes'],
  ['completion tcsh', 'shell: got "tcsh"', 'write one of bash, zsh, fish'],
  ['plan --live --base main', '--live compares with the clouds', 'use either --live or --base'],
  ['output lab --raw', '--raw prints the value of one output', 'name one output, or omit --raw'],
  ['cloud grow pariss --to converged', 'there is no cloud "pariss"', 'did you mean paris? clouds are lab, paris'],
  ['cloud maintain paris --all', 'paris is a cloud, not a host', 'write `tandem cloud maintain --all --cloud paris`'],
  ['cloud maintain lab', 'lab is a cloud, not a host', 'write `tandem cloud maintain --all --cloud lab`'],
  ['cloud maintain compute-a --all --cloud paris', 'got --all and compute-a', 'write one of them'],
])('`tandem %s` fails, and says what to write', async (line, message, next) => {
  const { code, stderr } = await tandemInProcess(CODE_ROOT, line.split(' '));
  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining(message) as string });
  expect(stderr).toContain(`\nnext: ${next}`);
});

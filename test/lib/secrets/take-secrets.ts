import { spawn } from 'node:child_process';
import { TAKE_SECRETS } from '../../../lib/bring-up/boot-token.ts';

const PROGRAM = `import json, os, ssl, sys, urllib.error, urllib.parse, urllib.request
${TAKE_SECRETS}
try:
    print(json.dumps(take_secrets(sys.stdin.read())))
except TokenRefused as error:
    print("refused: %s" % error)
except OSError as error:
    print("later: %s" % error)
`;

/** What a server makes of the line of a boot token, by the real Python: JSON of the values, or why there are none. */
export async function takeSecrets(line: string): Promise<string> {
  const env = { PATH: process.env['PATH'], http_proxy: 'http://127.0.0.1:1' };
  const child = spawn('python3', ['-I', '-c', PROGRAM], { env });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (text += String(chunk)));
  child.stdin.end(line);
  await new Promise((resolve) => child.once('close', resolve));
  return text.trim();
}

import { counted } from '../../../text/plural.ts';
import { defineVerb } from '../../define-verb.ts';
import { takes, word } from '../../flags.ts';

export const programPackVerb = defineVerb({
  brief: 'Pack a program of the project, and tell the digest that the configuration names',
  description: [
    'The same files give the same archive on any machine. `tandem deploy` packs and publishes it; only for `cdk deploy`, pack it before.',
    'What was published under a version never changes: other files need another version.',
  ].join('\n'),
  examples: [{ command: 'tandem program pack programs/word-statistics' }],
  arguments: takes(word('Folder of the project', 'folder')),
  action: async (context, _flags, path) => (await import('../../../actions/program/pack.ts')).pack(context, { path }),
  json: {
    format: 'tandem.program-pack/1',
    schema: async () => (await import('../../../actions/program/schema.ts')).packSchema,
  },
  render: ({ path, sha256, bytes, files }) =>
    [
      `${path}: ${counted(files, 'file')}, ${bytes} bytes. In the environment that runs it, with its version:`,
      '  worker:',
      '    program:',
      `      archive: { path: ${path}, version: "…", sha256: ${sha256} }`,
      '',
    ].join('\n'),
});

import type { Rule } from '../../lab/aws/contract/rule.ts';

/** What another emulator did with a rule. */
export type Outcome = 'as AWS' | 'accepts' | `refuses: ${string}` | 'otherwise';

/** By what the rule failed of: it wanted a refusal, the service refused, or the answer was another. */
export function outcomeOf(error: unknown): Outcome {
  const { name, message, $metadata } = error as Error & { readonly $metadata?: object };
  if (message.startsWith('must be refused with')) return 'accepts';
  return $metadata === undefined ? 'otherwise' : `refuses: ${name}`;
}

/** The page of all rules with their sources, and what each emulator made of them. */
export function differencesPage(
  rules: Readonly<Record<string, readonly Rule[]>>,
  columns: Readonly<Record<string, readonly Outcome[]>>,
): string {
  const all = Object.values(rules).flat();
  const names = Object.keys(columns);
  const counts = names.map((name) => {
    const kept = columns[name]?.filter((outcome) => outcome === 'as AWS').length ?? 0;
    return `| ${name} | ${kept} | ${all.length - kept} |`;
  });
  let at = 0;
  const tables = Object.entries(rules).flatMap(([topic, own]) => [
    `## ${topic}`,
    '',
    `| rule | source | ${names.join(' | ')} |`,
    `|---|---|${names.map(() => '---|').join('')}`,
    ...own.map(({ says, source }) => {
      const cells = names.map((name) => columns[name]?.[at] ?? '');
      at += 1;
      return `| ${says.replaceAll('|', '\\|')} | [${source.split('/').at(-1)?.replace('.html', '') ?? ''}](https://docs.aws.amazon.com/${source}) | ${cells.join(' | ')} |`;
    }),
    '',
  ]);
  return [
    '# What emulators of AWS do with its rules',
    '',
    '<!-- Written by test/real/aws/emulators.real.ts -->',
    '',
    `${all.length} rules of EC2, Auto Scaling, CloudWatch, SQS and Systems Manager, each with AWS's page, asked through the AWS SDK for JavaScript.`,
    'The emulator of this project (`lab/aws`, [specification](../lab/aws/SPEC.md)) keeps all of them: that is a test of `npm test`. Of the others a cell says what they do:',
    '**as AWS**; **accepts** what AWS refuses; **refuses** with this code what AWS does; **otherwise**: another answer, or nothing comes of it.',
    'Their time cannot be moved, so that they were given three seconds where it was about that, and ten looks for what comes by itself.',
    'No rule was compared with AWS itself: the sources are its documentation.',
    '',
    '| emulator | as AWS | not |',
    '|---|---|---|',
    `| \`lab/aws\` | ${all.length} | 0 |`,
    ...counts,
    '',
    ...tables,
  ].join('\n');
}

import type { Rule } from '../../lab/aws/contract/rule.ts';

/** What another emulator did with a rule. */
export type Outcome = 'as AWS' | 'accepts' | `refuses: ${string}` | 'otherwise';

/** By what the rule failed of: it wanted a refusal, the service refused, or the answer was another. */
export function outcomeOf(error: unknown): Outcome {
  const { name, message, $metadata } = error as Error & { readonly $metadata?: object };
  if (message.startsWith('must be refused with')) return 'accepts';
  return $metadata === undefined ? 'otherwise' : `refuses: ${name}`;
}

/** What a page says of an emulator, by rule. */
export function outcomesOn(page: string, emulator: string): ReadonlyMap<string, Outcome> {
  const rows = page.split('\n').flatMap((line) => {
    const cells = line.split(/(?<!\\)\|/).map((cell) => cell.trim());
    return line.startsWith('|') ? [cells.slice(1, -1)] : [];
  });
  const column = rows.find(([first]) => first === 'rule')?.indexOf(emulator) ?? -1;
  return new Map(
    rows
      .filter((cells) => cells.length > 3 && cells[0] !== 'rule' && !cells[0]?.startsWith('---'))
      .flatMap((cells) => (column === -1 ? [] : [[(cells[0] ?? '').replaceAll('\\|', '|'), cells[column] as Outcome]])),
  );
}

/** The page of all rules with their sources, and what each emulator made of them: by its name, and by rule. */
export function differencesPage(
  rules: Readonly<Record<string, readonly Rule[]>>,
  columns: ReadonlyMap<string, ReadonlyMap<string, Outcome>>,
): string {
  const all = Object.values(rules).flat();
  const names = [...columns.keys()];
  const counts = [...columns].map(([name, outcomes]) => {
    const kept = all.filter(({ says }) => outcomes.get(says) === 'as AWS').length;
    return `| ${name} | ${kept} | ${all.length - kept} |`;
  });
  const tables = Object.entries(rules).flatMap(([topic, own]) => [
    `## ${topic}`,
    '',
    `| rule | source | ${names.join(' | ')} |`,
    `|---|---|${names.map(() => '---|').join('')}`,
    ...own.map(({ says, source }) => {
      const cells = names.map((name) => columns.get(name)?.get(says) ?? '');
      return `| ${says.replaceAll('|', '\\|')} | [${source.split('/').at(-1)?.replace('.html', '') ?? ''}](https://docs.aws.amazon.com/${source}) | ${cells.join(' | ')} |`;
    }),
    '',
  ]);
  return [
    '# What emulators of AWS do with its rules',
    '',
    '<!-- Written by test/real/aws/emulators.real.ts -->',
    '',
    `${all.length} rules of EC2, Auto Scaling, CloudWatch, SQS, Systems Manager, IAM and Service Quotas, each with AWS's page, asked through the AWS SDK for JavaScript.`,
    'The emulator of this project (`lab/aws`, [specification](../lab/aws/SPEC.md)) keeps all of them: that is a test of `npm test`. Of the others a cell says what they do:',
    '**as AWS**; **accepts** what AWS refuses; **refuses** with this code what AWS does; **otherwise**: another answer, or nothing comes of it.',
    'Their time cannot be moved, so that they were given three seconds where it was about that, and ten looks for what comes by itself.',
    'No rule was compared with AWS itself: the sources are its documentation. `.ci/run` asks 30 of the rules again, one day in three and others each time; `npm run test:chaos` all of them.',
    '',
    '| emulator | as AWS | not |',
    '|---|---|---|',
    `| \`lab/aws\` | ${all.length} | 0 |`,
    ...counts,
    '',
    ...tables,
  ].join('\n');
}

import { defineVerb } from '../../define-verb.ts';
import { optional, optionalOneOf, optionalText, text, toggle, wholeNumber } from '../../flags.ts';

export const reviewPostVerb = defineVerb({
  brief: 'Write a plan as the one comment of a pull or merge request',
  description: [
    'Updates the comment of earlier runs, or creates it; what others wrote is left. In a job of GitHub or GitLab it finds the request by itself.',
    'The token is GITHUB_TOKEN or GITLAB_TOKEN. The plan is a file, made by a job that needs no token: nothing of it is run here.',
  ].join('\n'),
  examples: [
    { command: 'tandem review post --plan plan.json', does: 'in a job' },
    { command: 'tandem review post --plan prod.json --target prod --status', does: 'one of several, with a check' },
    { command: 'tandem review post --plan plan.json --dry-run', does: 'shows the comment' },
    {
      command: 'tandem review post --plan plan.json --page-url https://ci.example.org/42/plan.html',
      does: 'a comment that is cut links to the page',
    },
    {
      command:
        'tandem review post --plan plan.json --forge gitlab --api https://git.example.org/api/v4 --repository 42 --number 7',
    },
  ],
  flags: {
    plan: text('File that `tandem plan --json` (or `--markdown`) wrote', 'FILE'),
    target: optionalText('Name of the plan, where a request has several; default: tandem', 'NAME'),
    pageUrl: optionalText(
      "Where the page of the plan is read, for a comment that had to be cut; default: the organisation's review.pageUrl",
      'URL',
    ),
    status: toggle('Also set a commit status: red where a stack cannot be planned'),
    dryRun: toggle('Show the comment; ask and write nothing'),
    forge: optionalOneOf(
      ['github', 'gitlab'],
      "Default: the one whose job this is; for --dry-run elsewhere, the organisation's review.forge",
    ),
    api: optionalText('Address of its API; default: as the job says', 'URL'),
    repository: optionalText('OWNER/NAME, or the id of a GitLab project; default: as the job says', 'NAME'),
    number: optional(wholeNumber(1, 2 ** 31), 'Number of the pull or merge request; default: as the job says', 'N'),
    commit: optionalText('Commit that was planned; a request that is at another by now is left', 'SHA'),
  },
  acts: true,
  action: async (context, flags) => (await import('../../../actions/review/post.ts')).reviewPost(context, flags),
  json: {
    format: 'tandem.review-post/1',
    schema: async () => (await import('../../../actions/review/schema.ts')).reviewPostSchema,
  },
  render: ({ outcome, url, text: shown }) =>
    outcome === 'shown'
      ? (shown ?? '')
      : `The comment was ${outcome === 'unchanged' ? 'right already' : outcome}: ${url ?? ''}\n`,
});

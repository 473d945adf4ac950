import { z } from 'zod';
import { because } from '../diagnostic.ts';
import { url } from './common.ts';

/** What a comment may hold, by forge; `lib/plan/render/markdown/limit.ts` has the numbers. */
const FORGES = ['github', 'gitlab', 'azure-devops', 'bitbucket'] as const;

const mask = z
  .string()
  .max(200)
  .regex(/^[\w:*-]+(?:\.[\w:*-]+)*$/, {
    error: because(
      'a mask is the path of an attribute: names with dots between them, `*` for any one, `**` for any number of them',
      'write one like `user_data`, `metadata.*` or `**.password`',
    ),
  });

/** How plans are shown to people. */
export const reviewSchema = z.strictObject({
  masks: z
    .array(mask)
    .max(100)
    .default([])
    .describe(
      'Paths of attributes whose values nobody may see in a plan, beside those that the engines call sensitive: `user_data`, `metadata.*`, `**.password`. Applied to what was and is, inside maps, lists and JSON, and to reasons and findings that quote such a value. That they change is still said.',
    ),
  forge: z
    .enum(FORGES)
    .default('github')
    .describe(
      'Forge that shows the plan of a pull request: its comments hold 65,536 characters at GitHub, 1,000,000 at GitLab, 150,000 at Azure DevOps, 32,768 at Bitbucket.',
    ),
  maximumCharacters: z
    .int()
    .min(2000)
    .max(1_000_000)
    .optional()
    .describe('Characters of the text for a pull request. Default: what the forge takes, with a reserve.'),
  pageUrl: url
    .optional()
    .describe(
      'Where the page of `plan --html` is read, for a text that is truncated; `--page-url` overrides it. Default: nowhere.',
    ),
});

export type ReviewSettings = z.output<typeof reviewSchema>;

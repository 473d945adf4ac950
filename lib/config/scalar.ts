import { firstHidden } from '../text/printable.ts';
import type { Problem } from './diagnostic.ts';

/** No name, path, key or text of a configuration comes near; patterns then never see more. */
const MAXIMUM_LENGTH = 8192;

/** What libraries put in place of values that are not known yet: text of this form would be looked up, not written. */
const LIBRARY_REFERENCE = /[$#&]\{(?:Tf)?Token\[/;
/** CloudFormation has no way to write it as text. */
const DYNAMIC_REFERENCE = /\{\{\s*resolve\s*:/i;

type TextProblem = Pick<Problem, 'code' | 'message' | 'fix'>;

/**
 * What no text of a configuration may hold, whatever its field: what is not shown as itself, what some engine would evaluate and
 * cannot be told not to. Each renderer keeps all other text as text.
 */
export function textProblem(text: string): TextProblem | undefined {
  if (text.length > MAXIMUM_LENGTH)
    return {
      code: 'text-too-long',
      message: `got a text of ${text.length} characters; the most is ${MAXIMUM_LENGTH}`,
      fix: 'shorten it, or keep it in a file of its own',
    };
  const hidden = firstHidden(text);
  if (hidden !== undefined) return hiddenProblem(hidden.code);
  return engineProblem(text);
}

/** @param code `U+001B` */
export function hiddenProblem(code: string): TextProblem {
  return {
    code: 'control-character',
    message: `got the character ${code}; it is invisible, and tools interpret it differently`,
    fix: 'remove it',
  };
}

/** What the CDK or CloudFormation would evaluate in any text. */
export function engineProblem(text: string): TextProblem | undefined {
  if (LIBRARY_REFERENCE.test(text)) {
    const message = 'got a reference in the form that the CDK uses inside; it would be looked up instead of written';
    return { code: 'library-reference', message, fix: 'write it without the brackets' };
  }
  if (!DYNAMIC_REFERENCE.test(text)) return undefined;
  const message =
    'got {{resolve:…}}, which CloudFormation replaces by a parameter or a secret, and cannot keep as text';
  return { code: 'dynamic-reference', message, fix: 'write the value, or secret:<name> where a secret is asked for' };
}

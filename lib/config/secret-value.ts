/** What stands for a value that is elsewhere, or for none: variables, files, references, marks of what is to be filled in. */
const STANDS_FOR_ANOTHER = [
  // $VAR, ${VAR}, $(command), a hash in the form of crypt; %VAR%, %(name)s, %s, %{name}
  /^(?:\$|%(?:[({]|\w+%|s$))/,
  /^[`{<=\\]/,
  // @file, ~/file, ./file, /folder/file
  /^(?:@|~\/|\.{1,2}\/|\.{3}|\/[\w.-]+(?:\/[\w.-]+)+\/?$)/,
  /^(?:secret|file|env|arn|ssm|vault|https?):/i,
  /^(?:\*+|x{3,}|true|false|yes|no|none|null|required|optional)$/i,
];

/** Whether a value in the place of a secret can be the secret itself. */
export function isSecretValue(text: string): boolean {
  return text !== '' && !/^["']/.test(text) && !STANDS_FOR_ANOTHER.some((pattern) => pattern.test(text));
}

import type { ServerSecrets } from '../../lib/components/boot-secrets.ts';

/** The root with what each server's secrets are called, where `deploy` finds it: Terraform reads nothing in there. */
export function withBootSecrets(
  root: Record<string, unknown>,
  bootSecrets: Readonly<Record<string, ServerSecrets>>,
): Record<string, unknown> {
  if (Object.keys(bootSecrets).length === 0) return root;
  return { ...root, '//': { ...(root['//'] as object | undefined), bootSecrets } };
}

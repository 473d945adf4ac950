import type { ComponentFile } from '../../bring-up/component.ts';

/**
 * A file that the gateway makes of lists: a line `@each LIST: TEXT` stands for each item of it, `{}` in TEXT is the item and `{n}` five times
 * its number; `%lan%` is the interface in the network of the link. A line's text is the same for every link.
 */
export function template(
  path: string,
  content: string,
  { mode, owner }: Pick<ComponentFile, 'mode' | 'owner'> = {},
): ComponentFile {
  return {
    path: `/etc/tandem-link/templates${path}`,
    content,
    onChange: 'reload',
    ...(mode === undefined ? {} : { mode }),
    ...(owner === undefined ? {} : { owner }),
  };
}

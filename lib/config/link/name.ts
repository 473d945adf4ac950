/** `link-main`: name of what a link has in its cloud (network, router and, with what they are, ports and servers), and of its trust. */
export function linkNameOf(link: string): string {
  return `link-${link}`;
}

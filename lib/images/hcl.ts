/** A text of HCL, which evaluates nothing in it. */
export function hcl(text: string): string {
  return JSON.stringify(text).replaceAll(/[$%]\{/g, (found) => `${found.charAt(0)}${found}`);
}

import { hash } from 'node:crypto';
import { type Content, html, Markup } from './markup.ts';

export interface DocumentParts {
  readonly title: string;
  readonly style: string;
  /** Run once the body is there. @default - the page runs none */
  readonly script?: string;
  readonly body: Content;
  /** Whether it has pictures, in itself. @default false */
  readonly hasPictures?: boolean;
}

/** An HTML document that needs nothing else: its script and its style are the only ones that it lets run, by their digests, and it loads nothing. */
export function htmlDocument({ title, style, script, body, hasPictures = false }: DocumentParts): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy(style, script, hasPictures)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${new Markup(style)}</style>
</head>
<body>
${body}
${
  script === undefined
    ? []
    : html`<script>${new Markup(script)}</script>
`
}</body>
</html>
`.text;
}

/** Nothing but what the page brings with it: no network, no form, no frame, and only its own script and style. */
function policy(style: string, script: string | undefined, hasPictures: boolean): string {
  const digest = (text: string): string => `'sha256-${hash('sha256', text, 'base64')}'`;
  const pictures = hasPictures ? ' img-src data:;' : '';
  return `default-src 'none'; ${script === undefined ? '' : `script-src ${digest(script)}; `}style-src ${digest(style)};${pictures} base-uri 'none'; form-action 'none'`;
}

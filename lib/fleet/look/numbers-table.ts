import { html, type Markup } from '../../plan/render/html/markup.ts';

/** A row of a table, its head first. */
export interface NumbersRow {
  readonly cells: readonly string[];
  /** @default false */
  readonly isMarked?: boolean;
}

/** A table of numbers below what names its columns; it scrolls where there is no room for it. */
export function numbersTable(
  label: string,
  [head = '', ...heads]: readonly string[],
  all: readonly NumbersRow[],
): Markup {
  const rows = all.map(({ cells: [first = '', ...cells], isMarked = false }) => {
    const mark = isMarked ? html` class="marked"` : [];
    return html`<tr${mark}><th scope="row">${first}</th>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>`;
  });
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${label}"><table class="numbers"><thead><tr><th scope="col">${head}</th>${heads.map((each) => html`<th scope="col">${each}</th>`)}</tr></thead><tbody>${rows}</tbody></table></div>`;
}

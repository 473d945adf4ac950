/** What the script needs of the browser. */
interface PageElement {
  hidden: boolean;
  value: string;
  textContent: string | null;
  querySelector(selector: string): PageElement | null;
  querySelectorAll(selector: string): Iterable<PageElement>;
  addEventListener(event: string, listener: (event: { preventDefault(): void }) => void): void;
}

/**
 * What runs in the browser: a search over the rows of instances. Its text goes into the page as it stands here, so it names nothing outside
 * of itself.
 */
export function filterClient(page: Pick<PageElement, 'querySelector' | 'querySelectorAll'>): void {
  const tools = page.querySelector('#tools');
  const search = page.querySelector('#tools input');
  const output = page.querySelector('#tools output');
  if (tools === null || search === null || output === null) return;
  const rows = [...page.querySelectorAll('#list tbody tr')].map((row) => ({
    row,
    text: (row.textContent ?? '').toLowerCase(),
  }));
  const filter = (): void => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const { row, text } of rows) {
      row.hidden = !words.every((word) => text.includes(word));
      if (!row.hidden) shown += 1;
    }
    output.textContent = words.length === 0 ? '' : `${shown} of ${rows.length}`;
  };
  tools.hidden = false;
  search.addEventListener('input', filter);
  tools.addEventListener('submit', (event) => event.preventDefault());
}

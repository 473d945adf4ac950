/**
 * What runs in the browser: search, filters, and an address that keeps both and the opened stack. Its text goes into the page as it
 * stands here, so it names nothing outside of itself; of the browser it knows what the interfaces below say.
 */
export function client(page: PageDocument, browser: PageWindow): void {
  const tools = page.querySelector('#tools');
  const output = page.querySelector('#tools output');
  if (tools === null || output === null) return;
  const control = (name: string): PageElement | null => tools.querySelector(`[name="${name}"]`);
  const [search, environment] = [control('q'), control('env')];
  const boxes = [...tools.querySelectorAll('[name="action"]')];
  const stacks = [...page.querySelectorAll('details.stack')].map((element) => ({
    element,
    owners: (element.getAttribute('data-owners') ?? '').split(' '),
    // The innermost: what folds several of them shows while one of them does.
    changes: [...element.querySelectorAll('li.change:not(.folded)')],
    folds: [...element.querySelectorAll('li.folded')],
  }));
  /** Text of what is searched, in lower case: read once, when it is first asked for. */
  const texts = new Map<PageElement, string>();
  let opened = '';

  function textOf(element: PageElement): string {
    let text = texts.get(element);
    if (text === undefined) texts.set(element, (text = (element.textContent ?? '').toLowerCase()));
    return text;
  }

  /** Shows what the controls ask for, and says how much that is. */
  function filter(): void {
    const words = (search?.value ?? '').toLowerCase().split(/\s+/).filter(Boolean);
    const owner = environment?.value ?? '';
    const actions = boxes.filter((box) => box.checked).map((box) => box.value);
    const isFiltered = words.length > 0 || actions.length > 0;
    const shown: (typeof stacks)[number][] = [];
    let changes = 0;
    for (const stack of stacks) {
      const head = textOf(stack.element.querySelector('summary') ?? stack.element);
      const wanted = words.filter((word) => !head.includes(word));
      let found = 0;
      for (const change of stack.changes) {
        const isShown =
          (actions.length === 0 || actions.includes(change.getAttribute('data-action') ?? '')) &&
          wanted.every((word) => textOf(change).includes(word));
        change.hidden = !isShown;
        if (isShown) found += 1;
      }
      for (const fold of stack.folds) {
        const count = fold.querySelectorAll('li.change:not([hidden])').length;
        fold.hidden = count === 0;
        const details = fold.querySelector('details');
        if (details !== null) details.open = words.length > 0 && count > 0 && count <= 20;
      }
      const isNamed = actions.length === 0 && wanted.length === 0;
      const isShown = (owner === '' || stack.owners.includes(owner)) && (isNamed || found > 0);
      stack.element.hidden = !isShown;
      if (!isShown) continue;
      shown.push(stack);
      changes += found;
    }
    // A few that match are worth a look at once; many are an index.
    if (isFiltered && shown.length <= 10) for (const { element } of shown) element.open = true;
    const all = shown.length === stacks.length && !isFiltered ? '' : ` of ${stacks.length}`;
    const word = changes === 1 ? 'change' : 'changes';
    if (output !== null) output.textContent = `${shown.length}${all} stacks, ${changes} ${word} shown`;
  }

  /** The address keeps what is shown, for a colleague or the next visit. */
  function remember(): void {
    const state = new URLSearchParams();
    if (search !== null && search.value !== '') state.set('q', search.value);
    if (environment !== null && environment.value !== '') state.set('env', environment.value);
    const actions = boxes.filter((box) => box.checked).map((box) => box.value);
    if (actions.length > 0) state.set('action', actions.join(','));
    if (opened !== '') state.set('stack', opened);
    const text = state.toString();
    browser.history.replaceState(null, '', text === '' ? browser.location.pathname : `#${text}`);
  }

  function recall(): void {
    const hash = browser.location.hash.slice(1);
    // A plain anchor, as every link within the page is.
    const state = new URLSearchParams(hash.includes('=') ? hash : '');
    const target = hash.includes('=') ? (state.get('stack') ?? '') : decoded(hash);
    if (hash.includes('=') || hash === '') {
      if (search !== null) search.value = state.get('q') ?? '';
      if (environment !== null) environment.value = state.get('env') ?? '';
      const actions = (state.get('action') ?? '').split(',');
      for (const box of boxes) box.checked = actions.includes(box.value);
    }
    filter();
    if (target !== '') reveal(target);
  }

  function decoded(text: string): string {
    try {
      return decodeURIComponent(text);
    } catch {
      return text;
    }
  }

  /** Opens whatever hides an element, filters included, and goes there. */
  function reveal(id: string): void {
    const element = page.getElementById(id);
    if (element === null) return;
    let isHidden = false;
    for (let each: PageElement | null = element; each !== null; each = each.parentElement) {
      if (each.hidden) isHidden = true;
      if (each.matches('details')) each.open = true;
    }
    if (isHidden) {
      clear();
      filter();
    }
    const stack = element.closest('details.stack');
    if (stack !== null) opened = stack.id;
    element.scrollIntoView({ block: 'start' });
    const focus = element.matches('details') ? element.querySelector('summary') : element;
    if (focus?.matches('li') === true) focus.setAttribute('tabindex', '-1');
    focus?.focus({ preventScroll: true });
  }

  function clear(): void {
    if (search !== null) search.value = '';
    if (environment !== null) environment.value = '';
    for (const box of boxes) box.checked = false;
  }

  function showAll(isOpen: boolean): void {
    for (const { element } of stacks) if (!element.hidden) element.open = isOpen;
  }

  /** Arrow keys go from one stack to the next; everything else is the browser's own. */
  function step(event: PageEvent): void {
    const summary = event.target?.closest('details.stack > summary') ?? null;
    const shown = stacks.map(({ element }) => element).filter((element) => !element.hidden);
    const at = shown.findIndex((element) => element.querySelector('summary') === summary);
    if (summary === null || at < 0) return;
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: shown.length - 1 }[event.key];
    const to = next === undefined ? undefined : shown[next];
    if (to === undefined) return;
    event.preventDefault();
    to.querySelector('summary')?.focus();
  }

  let timer = 0;
  tools.addEventListener('input', () => {
    browser.clearTimeout(timer);
    timer = browser.setTimeout(() => {
      filter();
      remember();
    }, 120);
  });
  tools.addEventListener('submit', (event) => event.preventDefault());
  tools.addEventListener('reset', () => {
    browser.setTimeout(() => {
      clear();
      opened = '';
      filter();
      remember();
    }, 0);
  });
  control('expand')?.addEventListener('click', () => showAll(true));
  control('collapse')?.addEventListener('click', () => showAll(false));
  page.addEventListener('keydown', step);
  page.addEventListener('click', (event) => {
    const stack = event.target?.closest('details.stack > summary')?.parentElement ?? null;
    const link = event.target?.closest('a[href^="#"]') ?? null;
    if (stack !== null) {
      // The click has not opened or closed it yet.
      opened = stack.open ? '' : stack.id;
      remember();
    } else if (link !== null) {
      event.preventDefault();
      browser.history.pushState(null, '', link.getAttribute('href') ?? '#');
      recall();
      remember();
    }
  });
  browser.addEventListener('hashchange', recall);
  browser.addEventListener('popstate', recall);
  tools.hidden = false;
  recall();
}

interface PageEvent {
  readonly key: string;
  readonly target: PageElement | null;
  preventDefault(): void;
}

interface Listening {
  addEventListener(kind: string, listener: (event: PageEvent) => void): void;
}

interface PageElement extends Listening {
  id: string;
  hidden: boolean;
  open: boolean;
  value: string;
  checked: boolean;
  textContent: string | null;
  readonly parentElement: PageElement | null;
  querySelector(selector: string): PageElement | null;
  querySelectorAll(selector: string): Iterable<PageElement> & { readonly length: number };
  closest(selector: string): PageElement | null;
  matches(selector: string): boolean;
  getAttribute(name: string): string | null;
  setAttribute(name: string, value: string): void;
  scrollIntoView(options: { block: 'start' }): void;
  focus(options?: { preventScroll: boolean }): void;
}

interface PageDocument extends Listening {
  querySelector(selector: string): PageElement | null;
  querySelectorAll(selector: string): Iterable<PageElement> & { readonly length: number };
  getElementById(id: string): PageElement | null;
}

interface PageWindow extends Listening {
  readonly location: { readonly hash: string; readonly pathname: string };
  readonly history: {
    replaceState(state: null, unused: string, url: string): void;
    pushState(state: null, unused: string, url: string): void;
  };
  setTimeout(work: () => void, milliseconds: number): number;
  clearTimeout(timer: number): void;
}

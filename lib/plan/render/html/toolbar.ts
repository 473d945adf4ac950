import { ACTIONS } from '../../model.ts';
import { badge } from './change.ts';
import { html, type Markup } from './markup.ts';
import type { View } from './view.ts';

/** Search and filters; the script shows it, so that nobody without one sees controls that do nothing. */
export function toolbar({ stacks }: View, owners: readonly string[]): Markup {
  const present = new Set(stacks.flatMap(({ changes }) => changes.map(({ change }) => change.action)));
  const actions = ACTIONS.filter((action) => present.has(action)).map(
    (action) =>
      html`<label class="choice"><input type="checkbox" name="action" value="${action}"> ${badge(action)}</label> `,
  );
  const options = owners.map((owner) => html`<option>${owner}</option>`);
  return html`<form id="tools" role="search" hidden>
<label>Search <input type="search" name="q" autocomplete="off" spellcheck="false" placeholder="address, value, file, reason"></label>
<label>Environment <select name="env"><option value="">all</option>${options}</select></label>
<fieldset><legend>Actions</legend>${actions}</fieldset>
<span class="buttons"><button type="button" name="expand">Expand all</button> <button type="button" name="collapse">Collapse all</button> <button type="reset">Clear</button></span>
<output aria-live="polite"></output>
</form>`;
}

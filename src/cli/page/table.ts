import { html } from './markup.ts';
import type { Markup } from './markup.ts';

type Cell = Markup | string | number;

/** A table with a caption for whoever does not see it; long ones scroll for themselves. */
export function table(
  caption: string,
  head: readonly string[],
  rows: readonly (readonly Cell[])[],
): Markup {
  const titles = head.map((text) => html`<th scope="col">${text}</th>`);
  const lines = rows.map(
    (row) =>
      html`<tr>
        ${row.map((cell) => html`<td>${cell}</td>`)}
      </tr>`,
  );
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}">
    <table>
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          ${titles}
        </tr>
      </thead>
      <tbody>
        ${lines}
      </tbody>
    </table>
  </div>`;
}

/** Lines one below the other; nothing where there are none. */
export function list(items: readonly (Markup | string)[]): Markup {
  if (items.length === 0) return html``;
  return html`<ul>
    ${items.map((item) => html`<li>${item}</li>`)}
  </ul>`;
}

import { costSection } from './cost.ts';
import type { PageFacts } from './facts.ts';
import { html } from './markup.ts';
import type { Markup } from './markup.ts';
import { migrationSection } from './migrations.ts';
import { planSection } from './plan.ts';
import { releaseSection } from './releases.ts';
import { style } from './style.ts';
import { summarySection } from './summary.ts';
import { timelineSection } from './timeline.ts';
import { trafficSection } from './traffic.ts';

/** A run as one page of HTML that needs nothing else: no script, no file, no network. */
export function runPage(facts: PageFacts): string {
  const { environment, kind } = facts.report;
  const sections = [
    summarySection(facts),
    timelineSection(facts),
    planSection(facts),
    migrationSection(facts),
    trafficSection(facts),
    costSection(facts),
    releaseSection(facts),
  ].flatMap((section) => section ?? []);
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta
          http-equiv="Content-Security-Policy"
          content="default-src 'none'; style-src 'unsafe-inline'"
        />
        <meta name="color-scheme" content="light dark" />
        <title>${kind} of ${environment}, ${facts.runId.slice(0, 8)}</title>
        <style>
          ${style}
        </style>
      </head>
      <body>
        <a class="skip" href="#content">Skip to the content</a>
        <header>
          <h1>${environment}: ${kind}</h1>
          ${contents(sections)}
        </header>
        <main id="content">${sections.map(asSection)}</main>
      </body>
    </html> `;
  return page.html;
}

/** A part of the page. */
export interface Section {
  readonly id: string;
  readonly title: string;
  readonly body: Markup;
}

function contents(sections: readonly Section[]): Markup {
  const links = sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`);
  return html`<nav aria-label="Contents">
    <ul>
      ${links}
    </ul>
  </nav>`;
}

function asSection({ id, title, body }: Section): Markup {
  return html`<section id="${id}" aria-labelledby="${id}-title">
    <h2 id="${id}-title">${title}</h2>
    ${body}
  </section> `;
}

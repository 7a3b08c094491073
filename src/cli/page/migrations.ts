import type { PageFacts } from './facts.ts';
import { html } from './markup.ts';
import type { Section } from './page.ts';
import { list, table } from './table.ts';

/** Revisions that were to be applied, and the live tables that they locked. */
export function migrationSection({ report, details }: PageFacts): Section | undefined {
  const { plan, locks = [] } = report;
  if (!plan || plan.migrations.length === 0) return undefined;
  const sql = details?.migrations.filter((one) => one.sql.trim() !== '') ?? [];
  const rows = plan.migrations.map(({ service, from, to }) => [service, from ?? 'nothing', to]);
  const body = html`${table('Schemas', ['service', 'from', 'to'], rows)}
  ${sql.map(
    (one) =>
      html`<details>
        <summary>SQL of ${one.service}</summary>
        <pre tabindex="0">${one.sql}</pre>
      </details>`,
  )}
  ${
    locks.length > 0 &&
    html`<h3>Locks, as measured on the copy</h3>
      ${list(locks)}`
  }`;
  return { id: 'migrations', title: 'Migrations', body };
}

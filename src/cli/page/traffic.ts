import type { LedgerEntry } from '../../releases/ledger-entry.ts';
import type { PageFacts } from './facts.ts';
import { html } from './markup.ts';
import type { Markup } from './markup.ts';
import type { Section } from './page.ts';
import { table } from './table.ts';

type Traffic = LedgerEntry['traffic'];

/** The revisions that served before the run and after it, by the ledger. */
export function trafficSection({ ledger, runId, report }: PageFacts): Section | undefined {
  const at = ledger.findLastIndex((entry) => entry.runId === runId);
  const after = ledger[at]?.traffic ?? {};
  if (at === -1 || Object.keys(after).length === 0) return undefined;
  const before = ledger.slice(0, at).findLast(({ traffic }) => Object.keys(traffic).length > 0);
  const names = [...new Set([...Object.keys(before?.traffic ?? {}), ...Object.keys(after)])];
  const rows = names.map((name) => [
    serviceCell(name, report.urls?.[name]),
    shares(before?.traffic ?? {}, name),
    shares(after, name),
  ]);
  const body = table(
    'Revisions and their share of the traffic',
    ['service', 'before', 'after'],
    rows,
  );
  return { id: 'traffic', title: 'Traffic', body };
}

function serviceCell(name: string, url: string | undefined): Markup {
  if (url === undefined || !/^https?:\/\//.test(url)) return html`${name}`;
  return html`<a href="${url}">${name}</a>`;
}

function shares(traffic: Traffic, name: string): string {
  const serving = (traffic[name] ?? []).filter(({ percent }) => percent > 0);
  return serving.map(({ revision, percent }) => `${revision} ${percent} %`).join(', ') || '-';
}

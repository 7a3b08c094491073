import type { Notice } from '../notice.ts';

/** The body of the webhook's request: our own fields, or the text that Slack shows. */
export function noticeBody(notice: Notice, form: 'json' | 'slack'): object {
  if (form === 'json') return { source: 'windlass', ...notice };
  const { kind, environment, outcome, lines } = notice;
  return { text: [`*windlass ${environment}*: ${kind} ${outcome}`, ...lines].join('\n') };
}

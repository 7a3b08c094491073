import { z } from 'zod';

const Diagnostic = z.object({
  severity: z.string(),
  summary: z.string(),
  detail: z.string().default(''),
  address: z.string().optional(),
});
/** What Terraform complained about. */
export type Diagnostic = z.infer<typeof Diagnostic>;

const Hook = z.object({
  resource: z.object({ addr: z.string() }),
  elapsed_seconds: z.number().optional(),
});

// A part that a newer Terraform shapes otherwise is left out; the line is still shown.
const Line = z.object({
  '@message': z.string().optional(),
  type: z.string().optional(),
  diagnostic: Diagnostic.optional().catch(undefined),
  hook: Hook.optional().catch(undefined),
});

/** One line of the `-json` stream; a line that is not JSON has the type `text`. */
export type StreamEvent = Omit<z.infer<typeof Line>, 'type'> & {
  readonly type: string;
  readonly text: string;
};

export interface StreamReading {
  readonly events: readonly StreamEvent[];
  readonly diagnostics: readonly Diagnostic[];
  /** The last lines for people, at most 20. */
  readonly tail: readonly string[];
}

const tailLength = 20;

/** Reads whole outputs of a command; plain text (init, an old binary, a panic) is kept as lines. */
export function readStream(stdout: string, stderr = ''): StreamReading {
  const events = [...lines(stdout), ...lines(stderr)].map(parseStreamLine);
  const diagnostics = events.flatMap((event) => (event.diagnostic ? [event.diagnostic] : []));
  const texts = events.map((event) => event.text).filter((text) => text !== '');
  return { events, diagnostics, tail: texts.slice(-tailLength) };
}

/** One line as an event; never throws, for an unknown type is only shown. */
export function parseStreamLine(line: string): StreamEvent {
  const parsed = Line.safeParse(parseJson(line));
  if (!parsed.success) return { type: 'text', text: line };
  const event = parsed.data;
  return { ...event, type: event.type ?? 'text', text: textOf(event) };
}

function textOf(event: z.infer<typeof Line>): string {
  const message = event['@message'] ?? '';
  const detail = event.diagnostic?.detail ?? '';
  return detail === '' ? message : `${message}: ${detail.replaceAll(/\s+/g, ' ').trim()}`;
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function lines(text: string): readonly string[] {
  return text.split('\n').filter((line) => line.trim() !== '');
}

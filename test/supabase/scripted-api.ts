import { createServer } from 'node:http';
import type { SupabaseAccess } from '../../src/supabase/access.ts';

/** One answer of the script; the last one repeats. */
export interface Scripted {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A door that answers by a script, for what no healthy server says; keeps what it was asked. */
export interface ScriptedApi {
  readonly access: SupabaseAccess;
  readonly asked: readonly string[];
  close(): Promise<void>;
}

/** Opens it on a free port. */
export async function openScript(script: readonly Scripted[]): Promise<ScriptedApi> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const answer = script[Math.min(asked.length, script.length - 1)];
    asked.push(`${request.method} ${request.url}`);
    response.writeHead(answer?.status ?? 500, answer?.headers ?? {});
    response.end(answer?.body === undefined ? '' : JSON.stringify(answer.body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  const api = `http://127.0.0.1:${port}`;
  const close = () => {
    server.closeAllConnections();
    return new Promise<void>((resolve) => server.close(() => resolve()));
  };
  const access = { api, token: async () => 'token', projectUrl: async () => api };
  return { access, asked, close };
}

import type { Next } from 'hono';
import { brokenByFault, losesAck } from '../../google/door-faults.ts';
import type { World } from '../../world.ts';
import type { Call } from './session.ts';

/** Answers a call unless a generic fault breaks it before, or swallows its answer after. */
export async function withFaults(
  world: World,
  call: Call,
  next: Next,
): Promise<Response | undefined> {
  const broken = await brokenByFault(world, call.req.method, call.req.path);
  if (broken !== undefined)
    return Response.json(ownWords(broken.body), {
      status: broken.status,
      headers: call.res.headers,
    });
  await next();
  if (losesAck(world, call.env.incoming)) call.env.incoming.socket.destroy();
  return undefined;
}

// The shared fault speaks as Google where it was given no body; this API says `message`.
function ownWords(body: unknown): unknown {
  const google = typeof body === 'object' && body !== null && 'error' in body;
  return google ? { message: 'The sandbox was told to answer this error.' } : body;
}

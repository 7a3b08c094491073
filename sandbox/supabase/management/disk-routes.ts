import { statfs } from 'node:fs/promises';
import type { Hono } from 'hono';
import { z } from 'zod';
import { change, type Room } from '../room.ts';
import { bodyOf, type Env, projectOf } from './session.ts';

const Free = z.strictObject({ fs_avail_bytes: z.int().min(0).nullable() });

/** The database's disk: here this machine's, unless the sandbox is told how much of it is free. */
export function diskRoutes(app: Hono<Env>, room: Room): void {
  app.get('/v1/projects/:ref/config/disk/util', async (call) => {
    const { diskFree } = projectOf(room, call);
    const { bsize, blocks, bavail } = await statfs(room.folder);
    const [size, free] = [bsize * blocks, diskFree ?? bsize * bavail];
    const metrics = { fs_size_bytes: size, fs_avail_bytes: free, fs_used_bytes: size - free };
    return call.json({ timestamp: room.world.now().toISOString(), metrics });
  });
  app.put('/_sandbox/projects/:ref/disk', async (call) => {
    const { fs_avail_bytes: free } = await bodyOf(call, Free);
    change(room, projectOf(room, call).ref, { diskFree: free ?? undefined });
    return call.json({ fs_avail_bytes: free });
  });
}

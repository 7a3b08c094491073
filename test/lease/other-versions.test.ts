import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { leaseRef, readLease, readMarker } from '../../src/lease/read-lease.ts';
import { refuseDirty } from '../../src/lease/refuse-dirty.ts';
import { takeLease } from '../../src/lease/take-lease.ts';
import { replaceObject } from '../../src/gcp/object-changes.ts';
import { claim, openRoom } from './room.ts';
import type { Room } from './room.ts';

let room: Room;

beforeAll(async () => {
  room = await openRoom();
});
afterAll(() => room?.close());
beforeEach(() => room.empty());

describe('an object that another Windlass wrote', () => {
  const write = (content: object) =>
    replaceObject(
      room.site.google,
      { ...leaseRef(room.site), generation: '0' },
      Buffer.from(JSON.stringify(content)),
    );
  const marker = {
    ...{ dirty: 'a', kind: 'deploy', actor: 'x', since: new Date().toISOString() },
    ...{ step: 'secrets', steps: ['secrets'], receipts: { supabaseRef: 'old' } },
  };

  it('of 457c515 is a lease that has run out; its receipts stay', async () => {
    await write(marker);
    await expect(refuseDirty(room.site, 'b')).rejects.toMatchObject({
      code: 'ENVIRONMENT_DIRTY',
    });
    expect(await readLease(room.site)).toMatchObject({ state: 'ended' });
    await takeLease(room.site, claim('b', { continues: 'a' }));
    expect(await readMarker(room.site)).toMatchObject({
      receipts: { supabaseRef: 'old' },
      steps: ['secrets'],
      lease: { run: 'b' },
    });
  });

  it('that is newer is refused by name', async () => {
    await write({ version: 3, anything: true });
    await expect(readLease(room.site)).rejects.toMatchObject({ code: 'FORMAT_NEWER' });
    await room.google.call('DELETE', room.path);
  });
});

import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';

/** Writes fifty rounds a second into three tables, changed rows among them; `stop` says how many. */
export function startWriting(address: string) {
  const client = new pg.Client({ connectionString: address });
  client.on('error', () => undefined);
  const end = new AbortController();
  const work = (async () => {
    await client.connect();
    let rounds = 0;
    for (; !end.signal.aborted; rounds += 1) {
      const user = randomUUID();
      await client.query(`insert into auth.users (id, email) values ('${user}', '${user}@x.test')`);
      await client.query(`insert into journal.entries (user_id, body) values ('${user}', 'new')`);
      await client.query(`update journal.entries set body = body || '!' where body like 'one%'`);
      await pause(20);
    }
    await client.end();
    return rounds;
  })();
  const stop = async () => {
    end.abort();
    return work;
  };
  return { stop };
}

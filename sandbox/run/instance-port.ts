import { once } from 'node:events';
import { createServer } from 'node:net';
import { randomInt } from 'node:crypto';

// Below the ports that Linux gives to whoever asks for any (32768 and above, ip_local_port_range):
// between the choice here and the bind in the instance nobody is given the same one by chance.
const first = 10_240;
const beyond = 20_480;
let next = randomInt(first, beyond);

/**
 * A port of 127.0.0.1 for an instance of this sandbox, never the same one twice in a row; each
 * sandbox begins somewhere else. Throws where all 10,240 are taken.
 */
export async function instancePort(): Promise<number> {
  for (let tried = first; tried < beyond; tried += 1) {
    const port = next;
    next = next + 1 < beyond ? next + 1 : first;
    if (await isFree(port)) return port;
  }
  throw new Error(`every port from ${first} to ${beyond - 1} is in use`);
}

/** Instances listen on every address, so every address must be free. */
async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    const listening = once(server, 'listening');
    server.listen(port, '0.0.0.0');
    await listening;
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}

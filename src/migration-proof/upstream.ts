import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { connect as encrypt } from 'node:tls';
import type { Login } from '../postgres/connect.ts';
import { tlsFor } from '../postgres/tls.ts';

/** A socket to the database, encrypted where its login asks for that. */
export async function openUpstream(login: Login): Promise<Socket> {
  const socket = connect(login.port, login.host);
  socket.setNoDelay(true);
  await once(socket, 'connect');
  const tls = tlsFor(login).node;
  if (tls === false) return socket;
  socket.write(Buffer.from([0, 0, 0, 8, 4, 210, 22, 47])); // SSLRequest
  const [answer] = await once(socket, 'data');
  if (String(answer) !== 'S') throw new Error(`${login.host} does not encrypt`);
  const secure = encrypt({ ...tls, socket });
  await once(secure, 'secureConnect');
  return secure;
}

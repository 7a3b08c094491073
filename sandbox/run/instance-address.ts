import type { NetConnectOpts } from 'node:net';

/** Where an instance answers: a socket in a folder of ours, or a port that the whole machine reaches. */
export type InstanceAddress = { readonly port: number } | { readonly socket: string };

/** Where `connect` finds an instance. */
export function connectAt(address: InstanceAddress): NetConnectOpts {
  return 'socket' in address ? { path: address.socket } : { port: address.port, host: '127.0.0.1' };
}

/** Where an HTTP request finds an instance. */
export function requestAt(address: InstanceAddress) {
  return 'socket' in address
    ? { socketPath: address.socket }
    : { port: address.port, host: '127.0.0.1' };
}

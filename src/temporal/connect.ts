import type { Client, ConnectionOptions } from '@temporalio/client';
import { readAddressBook } from '../address-book.ts';
import { Failure } from '../failure.ts';
import { dataConverter } from './codec.ts';

/** The queue that every Windlass worker of a namespace listens on. */
export const taskQueue = process.env['WINDLASS_TASK_QUEUE'] ?? 'windlass';

export interface TemporalPlace {
  readonly connection: ConnectionOptions;
  readonly namespace: string;
  /** Address of the web UI, where it is known. */
  readonly ui?: string;
}

/**
 * Where Temporal is: the standard `TEMPORAL_*` variables and profile come first, else the
 * sandbox's own server. Fails when neither is there.
 */
export async function temporalPlace(home: string): Promise<TemporalPlace> {
  const ui = process.env['WINDLASS_TEMPORAL_UI'];
  if (process.env['TEMPORAL_ADDRESS'] ?? process.env['TEMPORAL_PROFILE']) {
    const { loadClientConnectConfig } = await import('@temporalio/envconfig');
    const { connectionOptions, namespace } = loadClientConnectConfig();
    return { connection: connectionOptions, namespace: namespace ?? 'default', ...(ui && { ui }) };
  }
  const book = await readAddressBook(home);
  if (!book)
    throw noTemporal(`there is no address book in ${home}, and TEMPORAL_ADDRESS is not set`);
  const { address, namespace } = book.temporal;
  return { connection: { address }, namespace, ui: book.temporal.ui };
}

/**
 * A client with a connection of its own; close the connection when done. Its library takes a quarter of
 * a second to load, and many commands need none.
 */
export async function connectClient(place: TemporalPlace): Promise<Client> {
  const { Client, Connection } = await import('@temporalio/client');
  const connection = await Connection.connect({ ...place.connection, connectTimeout: '5s' }).catch(
    (cause: unknown) => {
      throw noTemporal(`${place.connection.address ?? 'localhost:7233'} does not respond`, cause);
    },
  );
  return new Client({
    connection,
    namespace: place.namespace,
    dataConverter: await dataConverter(),
  });
}

function noTemporal(why: string, cause?: unknown): Failure {
  return new Failure({
    code: 'TEMPORAL_UNREACHABLE',
    what: 'Temporal cannot be reached',
    why,
    fix: 'Start the sandbox with `make sandbox-up`, or set TEMPORAL_ADDRESS.',
    class: 'retry',
    cause,
  });
}

import { Server, ServerCredentials, type UntypedServiceImplementation } from '@grpc/grpc-js';
import type { handleServerStreamingCall, sendUnaryData, ServerUnaryCall } from '@grpc/grpc-js';
import { rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { providerInstance, type Instance, type Method } from './instance.ts';
import {
  controllerService,
  providerService,
  stdioService,
  type Message,
} from './protocol/services.ts';
import { held } from '../../src/held.ts';

type Options = {
  /** Path of the unix socket. */
  readonly socket: string;
  /** GOOGLE_* variables: what Terraform's own environment would tell a provider that it starts. */
  readonly env: Readonly<Record<string, string | undefined>>;
};

/** Serves `hashicorp/google` on a unix socket; `reattach` is the value of TF_REATTACH_PROVIDERS. */
export async function serveProvider({ socket, env }: Options) {
  await rm(socket, { force: true });
  const connections = new Set<Socket>();
  const listener = createServer((connection) => {
    connections.add(connection);
    connection.on('close', () => connections.delete(connection));
    serveConnection(connection, env);
  });
  await new Promise<void>((resolve, reject) => {
    listener.once('error', reject).listen(socket, resolve);
  });
  const close = async () => {
    for (const connection of connections) connection.destroy();
    await new Promise<void>((resolve) => listener.close(() => resolve()));
  };
  return { reattach: reattachValue(socket), close };
}

function reattachValue(socket: string): string {
  return JSON.stringify({
    'registry.terraform.io/hashicorp/google': {
      Protocol: 'grpc',
      ProtocolVersion: 5,
      Pid: process.pid,
      Test: true,
      Addr: { Network: 'unix', String: socket },
    },
  });
}

/** A connection has a provider of its own, so that two runs of Terraform do not share a configuration. */
function serveConnection(connection: Socket, env: Options['env']): void {
  const server = new Server({ 'grpc.max_receive_message_length': -1 });
  const instance = providerInstance(env);
  server.addService(providerService, unaryMethods(instance));
  server.addService(controllerService, unaryMethods({ Shutdown: () => ({}) }));
  const silent: handleServerStreamingCall<Message, Message> = () => undefined;
  server.addService(stdioService, { StreamStdio: silent });
  server.createConnectionInjector(ServerCredentials.createInsecure()).injectConnection(connection);
  // A Terraform that was killed waits for nothing any more.
  connection.on('close', () => {
    void held(Promise.resolve(instance['Stop']?.({})));
    server.forceShutdown();
  });
}

function unaryMethods(instance: Instance): UntypedServiceImplementation {
  return Object.fromEntries(
    Object.entries(instance).map(([name, method]) => [
      name,
      (call: ServerUnaryCall<Message, Message>, done: sendUnaryData<object>) => {
        void held(answer(method, call.request, done));
      },
    ]),
  );
}

async function answer(
  method: Method,
  request: Message,
  done: sendUnaryData<object>,
): Promise<void> {
  try {
    done(null, await method(request));
  } catch (problem) {
    done(problem instanceof Error ? problem : new Error(String(problem)));
  }
}

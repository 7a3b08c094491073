import type { MethodDefinition, ServiceDefinition } from '@grpc/grpc-js';
import protobuf from 'protobufjs';
import { messageDescriptor } from './messages.ts';

/** A decoded message: what it holds is checked where it is read. */
export type Message = Readonly<Record<string, unknown>>;
type Method = MethodDefinition<Message, Message>;

const root = protobuf.Root.fromJSON(messageDescriptor());

/** The service that Terraform calls, method by method. */
export const providerService: ServiceDefinition = service('tfplugin5.Provider', {
  GetMetadata: ['Empty', 'MetadataAnswer'],
  GetSchema: ['Empty', 'SchemaAnswer'],
  PrepareProviderConfig: ['ConfigRequest', 'PreparedAnswer'],
  ValidateResourceTypeConfig: ['ValidateRequest', 'DiagnosticsAnswer'],
  ValidateDataSourceConfig: ['ValidateRequest', 'DiagnosticsAnswer'],
  UpgradeResourceState: ['UpgradeRequest', 'UpgradeAnswer'],
  Configure: ['ConfigureRequest', 'DiagnosticsAnswer'],
  ReadResource: ['ReadRequest', 'ReadAnswer'],
  PlanResourceChange: ['PlanRequest', 'PlanAnswer'],
  ApplyResourceChange: ['ApplyRequest', 'ApplyAnswer'],
  ImportResourceState: ['ImportRequest', 'ImportAnswer'],
  MoveResourceState: ['MoveRequest', 'MoveAnswer'],
  ReadDataSource: ['DataRequest', 'DataAnswer'],
  Stop: ['Empty', 'StopAnswer'],
});

/** The plugin host's own service: asks the plugin to end. */
export const controllerService: ServiceDefinition = service('plugin.GRPCController', {
  Shutdown: ['Empty', 'Empty'],
});

/** The plugin host's stream of what the plugin prints; ours prints nothing. */
export const stdioService: ServiceDefinition = service(
  'plugin.GRPCStdio',
  { StreamStdio: ['Empty', 'StdioData'] },
  true,
);

function service(
  name: string,
  methods: Readonly<Record<string, readonly [request: string, answer: string]>>,
  responseStream = false,
): ServiceDefinition {
  return Object.fromEntries(
    Object.entries(methods).map(([method, [request, answer]]) => [
      method,
      {
        ...codec(request, answer),
        path: `/${name}/${method}`,
        requestStream: false,
        responseStream,
      },
    ]),
  );
}

function codec(
  request: string,
  answer: string,
): Omit<Method, 'path' | 'requestStream' | 'responseStream'> {
  return {
    requestSerialize: encoder(request),
    requestDeserialize: decoder(request),
    responseSerialize: encoder(answer),
    responseDeserialize: decoder(answer),
  };
}

function encoder(name: string) {
  const type = root.lookupType(`windlass.${name}`);
  return (value: Message) => Buffer.from(type.encode(type.fromObject(value)).finish());
}

function decoder(name: string) {
  const type = root.lookupType(`windlass.${name}`);
  return (bytes: Buffer): Message =>
    type.toObject(type.decode(bytes), { defaults: true, longs: Number });
}

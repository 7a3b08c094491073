import type { Message } from './protocol/services.ts';
import { dataSources } from './data-sources/index.ts';
import { configurationOf, providerFields, type Configuration } from './engine/configuration.ts';
import { answered } from './engine/diagnostics.ts';
import { send } from './engine/http.ts';
import type { Call } from './engine/resource.ts';
import { pack } from './engine/value.ts';
import { applyChange } from './requests/apply.ts';
import { importState } from './requests/import.ts';
import { planChange } from './requests/plan.ts';
import { readData } from './requests/read-data.ts';
import { readResource } from './requests/read.ts';
import { upgradeState } from './requests/upgrade.ts';
import { packed } from './requests/request-values.ts';
import { resources } from './resources/index.ts';
import { schemaAnswer } from './engine/schema-answer.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Answers one request. */
export type Method = (request: Message) => object | Promise<object>;

/** The requests of Terraform that one connection may make, by their names. */
export type Instance = { readonly [name: string]: Method };

/** A provider of its own for one connection: configured by it, stopped by it. */
export function providerInstance(env: Environment): Instance {
  const stop = new AbortController();
  let configured: Configuration | null = null;
  const call = (): Call => {
    const configuration = configured ?? configurationOf({}, env);
    const stopped = stop.signal;
    return { configuration, stopped, send: (request) => send(configuration, request, stopped) };
  };
  return {
    ...descriptions,
    Configure: (request) =>
      answered(() => {
        configured = configurationOf(packed(request['config']), env);
        return {};
      }),
    ReadResource: (request) => answered(() => readResource(call(), request)),
    PlanResourceChange: (request) => answered(() => planChange(configured, request)),
    ApplyResourceChange: (request) => answered(() => applyChange(call(), request)),
    ImportResourceState: (request) => answered(() => importState(call(), request)),
    ReadDataSource: (request) => answered(() => readData(call(), request)),
    Stop: () => {
      stop.abort();
      return {};
    },
  };
}

const serverCapabilities = { planDestroy: false, getProviderSchemaOptional: false };

const descriptions: Instance = {
  GetMetadata: () => ({
    serverCapabilities,
    resources: resources.map(({ type }) => ({ typeName: type })),
    dataSources: dataSources.map(({ type }) => ({ typeName: type })),
  }),
  GetSchema: () => ({
    serverCapabilities,
    provider: schemaAnswer(providerFields),
    resourceSchemas: Object.fromEntries(
      resources.map(({ type, fields, version }) => [type, schemaAnswer(fields, version)]),
    ),
    dataSourceSchemas: Object.fromEntries(
      dataSources.map(({ type, fields }) => [type, schemaAnswer(fields)]),
    ),
  }),
  PrepareProviderConfig: (request) => ({ preparedConfig: pack(packed(request['config'])) }),
  ValidateResourceTypeConfig: () => ({}),
  ValidateDataSourceConfig: () => ({}),
  UpgradeResourceState: (request) => answered(() => upgradeState(request)),
  MoveResourceState: () =>
    answered(() => {
      throw new Error(
        'The provider does not support moved operations across resource types and providers',
      );
    }),
};

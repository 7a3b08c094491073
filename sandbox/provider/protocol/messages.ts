import type { INamespace } from 'protobufjs';

type Field = readonly [id: number, type: string, rule?: 'repeated' | 'map'];
type Message = Readonly<Record<string, Field>>;

// Messages of Terraform's plugin protocol 5: each field's number, type and rule.
const messages: Readonly<Record<string, Message>> = {
  Empty: {},
  DynamicValue: { msgpack: [1, 'bytes'], json: [2, 'bytes'] },
  Diagnostic: {
    severity: [1, 'int32'],
    summary: [2, 'string'],
    detail: [3, 'string'],
    attribute: [4, 'AttributePath'],
  },
  AttributePath: { steps: [1, 'AttributeStep', 'repeated'] },
  AttributeStep: {
    attributeName: [1, 'string'],
    elementKeyString: [2, 'string'],
    elementKeyInt: [3, 'int64'],
  },
  RawState: { json: [1, 'bytes'] },
  Schema: { version: [1, 'int64'], block: [2, 'Block'] },
  Block: {
    version: [1, 'int64'],
    attributes: [2, 'Attribute', 'repeated'],
    blockTypes: [3, 'NestedBlock', 'repeated'],
  },
  Attribute: {
    name: [1, 'string'],
    type: [2, 'bytes'],
    required: [4, 'bool'],
    optional: [5, 'bool'],
    computed: [6, 'bool'],
    sensitive: [7, 'bool'],
  },
  NestedBlock: {
    typeName: [1, 'string'],
    block: [2, 'Block'],
    nesting: [3, 'int32'],
    minItems: [4, 'int64'],
    maxItems: [5, 'int64'],
  },
  ServerCapabilities: { planDestroy: [1, 'bool'], getProviderSchemaOptional: [2, 'bool'] },
  TypeName: { typeName: [1, 'string'] },
  MetadataAnswer: {
    serverCapabilities: [1, 'ServerCapabilities'],
    diagnostics: [2, 'Diagnostic', 'repeated'],
    dataSources: [3, 'TypeName', 'repeated'],
    resources: [4, 'TypeName', 'repeated'],
  },
  SchemaAnswer: {
    provider: [1, 'Schema'],
    resourceSchemas: [2, 'Schema', 'map'],
    dataSourceSchemas: [3, 'Schema', 'map'],
    diagnostics: [4, 'Diagnostic', 'repeated'],
    serverCapabilities: [6, 'ServerCapabilities'],
  },
  ConfigRequest: { config: [1, 'DynamicValue'] },
  PreparedAnswer: {
    preparedConfig: [1, 'DynamicValue'],
    diagnostics: [2, 'Diagnostic', 'repeated'],
  },
  ConfigureRequest: { terraformVersion: [1, 'string'], config: [2, 'DynamicValue'] },
  DiagnosticsAnswer: { diagnostics: [1, 'Diagnostic', 'repeated'] },
  ValidateRequest: { typeName: [1, 'string'], config: [2, 'DynamicValue'] },
  UpgradeRequest: {
    typeName: [1, 'string'],
    version: [2, 'int64'],
    rawState: [3, 'RawState'],
  },
  UpgradeAnswer: { upgradedState: [1, 'DynamicValue'], diagnostics: [2, 'Diagnostic', 'repeated'] },
  ReadRequest: {
    typeName: [1, 'string'],
    currentState: [2, 'DynamicValue'],
    private: [3, 'bytes'],
  },
  ReadAnswer: {
    newState: [1, 'DynamicValue'],
    diagnostics: [2, 'Diagnostic', 'repeated'],
    private: [3, 'bytes'],
  },
  PlanRequest: {
    typeName: [1, 'string'],
    priorState: [2, 'DynamicValue'],
    proposedNewState: [3, 'DynamicValue'],
    config: [4, 'DynamicValue'],
    priorPrivate: [5, 'bytes'],
  },
  PlanAnswer: {
    plannedState: [1, 'DynamicValue'],
    requiresReplace: [2, 'AttributePath', 'repeated'],
    plannedPrivate: [3, 'bytes'],
    diagnostics: [4, 'Diagnostic', 'repeated'],
    legacyTypeSystem: [5, 'bool'],
  },
  ApplyRequest: {
    typeName: [1, 'string'],
    priorState: [2, 'DynamicValue'],
    plannedState: [3, 'DynamicValue'],
    config: [4, 'DynamicValue'],
    plannedPrivate: [5, 'bytes'],
  },
  ApplyAnswer: {
    newState: [1, 'DynamicValue'],
    private: [2, 'bytes'],
    diagnostics: [3, 'Diagnostic', 'repeated'],
    legacyTypeSystem: [4, 'bool'],
  },
  ImportRequest: { typeName: [1, 'string'], id: [2, 'string'] },
  ImportedResource: {
    typeName: [1, 'string'],
    state: [2, 'DynamicValue'],
    private: [3, 'bytes'],
  },
  ImportAnswer: {
    importedResources: [1, 'ImportedResource', 'repeated'],
    diagnostics: [2, 'Diagnostic', 'repeated'],
  },
  MoveRequest: { sourceProviderAddress: [1, 'string'], sourceTypeName: [2, 'string'] },
  MoveAnswer: { targetState: [1, 'DynamicValue'], diagnostics: [2, 'Diagnostic', 'repeated'] },
  DataRequest: { typeName: [1, 'string'], config: [2, 'DynamicValue'] },
  DataAnswer: { state: [1, 'DynamicValue'], diagnostics: [2, 'Diagnostic', 'repeated'] },
  StopAnswer: { error: [1, 'string'] },
  StdioData: { channel: [1, 'int32'], data: [2, 'bytes'] },
};

/** Turns the table into a descriptor that protobufjs reads. */
export function messageDescriptor(): INamespace {
  const nested = Object.entries(messages).map(([name, message]) => [name, descriptorOf(message)]);
  return { nested: { windlass: { nested: Object.fromEntries(nested) } } };
}

function descriptorOf(message: Message) {
  const fields = Object.entries(message).map(([name, [id, type, rule]]) => {
    if (rule === 'map') return [name, { id, type, keyType: 'string' }];
    return [name, rule === 'repeated' ? { id, type, rule } : { id, type }];
  });
  return { fields: Object.fromEntries(fields) };
}

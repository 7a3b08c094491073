import { createRequire } from 'node:module';
import protobuf from 'protobufjs';
import { z } from 'zod';

const table = createRequire(import.meta.url).resolve('@google-cloud/run/build/protos/protos.json');
const root = protobuf.loadSync(table).resolveAll();
const verbs = ['get', 'post', 'patch', 'delete', 'put'] as const;
const HttpRule = z.looseObject({ body: z.string().optional() }).catchall(z.unknown());
const Options = z.array(z.record(z.string(), z.unknown())).nullish();

/** One method of an API as its google.api.http option publishes it. */
export interface HttpMethod {
  readonly rpc: string;
  readonly method: string;
  readonly template: string;
}

/** The HTTP rules of a service of google.cloud.run.v2, in the order of its proto file. */
export function httpMethods(service: string): readonly HttpMethod[] {
  const { methods } = root.lookupService(`google.cloud.run.v2.${service}`);
  return Object.values(methods).map(({ name, parsedOptions }) => ({
    rpc: name,
    ...verbAndTemplate(Options.parse(parsedOptions)),
  }));
}

/** The reflected message `google.cloud.run.v2.<name>`. */
export const messageType = (name: string): protobuf.Type =>
  root.lookupType(`google.cloud.run.v2.${name}`);

function verbAndTemplate(options: z.infer<typeof Options>): { method: string; template: string } {
  const found = (options ?? []).find((option) => '(google.api.http)' in option);
  const rule = HttpRule.parse(found?.['(google.api.http)']);
  for (const verb of verbs) {
    const template = z.string().optional().parse(rule[verb]);
    if (template !== undefined) return { method: verb.toUpperCase(), template };
  }
  throw new Error('a method without an HTTP rule');
}

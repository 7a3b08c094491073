import type { Message } from '../protocol/services.ts';
import { parsedByOne } from '../engine/path-template.ts';
import type { Call, Resource } from '../engine/resource.ts';
import { shaped } from '../engine/shape.ts';
import { pack, type ValueObject } from '../engine/value.ts';
import { namedResource } from './request-values.ts';

/** Takes over what exists under an id; Terraform reads it next. */
export function importState(call: Call, request: Message) {
  const resource = namedResource(request['typeName']);
  const { project, region } = call.configuration;
  const named = parsedByOne(resource.importIds, String(request['id']));
  const found = { ...defaults(resource), ...placed(resource, project, region), ...named };
  const whole = resource.imported?.(found, call.configuration) ?? found;
  const state = shaped(resource.fields, { ...whole, id: String(request['id']) });
  return { importedResources: [{ typeName: resource.type, state: pack(state) }] };
}

function placed(resource: Resource, project: string | null, region: string | null): ValueObject {
  return {
    ...('project' in resource.fields ? { project } : {}),
    ...('location' in resource.fields ? { location: region } : {}),
  };
}

/** What only the state knows gets its default, so that taking over shows no change of it. */
function defaults(resource: Resource): ValueObject {
  return Object.fromEntries(
    Object.entries(resource.fields).flatMap(([name, field]) =>
      field.kind === 'attribute' && field.local === true && field.default !== undefined
        ? [[name, field.default]]
        : [],
    ),
  );
}

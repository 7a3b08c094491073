import { type Call, notFound, ok, param, type Reply } from '../google/http.ts';
import { demandProject } from '../google/projects.ts';
import { demand } from '../google/policies.ts';
import type { World } from '../world.ts';
import { knativePage } from './knative-page.ts';
import type { Message } from './read-message.ts';
import { partsOf, type RevisionRecord, revisions, shortName } from './records.ts';
import { readTemplate } from './template.ts';
import { knativeCondition, knativeTemplate } from './to-knative.ts';

const SERVICE = 'serving.knative.dev/service';

/** `GET …/revisions`: of a project, of one region where it is said, of one service by its label. */
export function listRevisions(world: World, call: Call): Reply {
  const project = param(call, 'project');
  const region = call.params['location'] ?? '-';
  demandProject(world, call.caller, `projects/${project}`, 'run.revisions.list');
  const wanted = serviceOf(call.query.get('labelSelector') ?? '');
  const items = revisions(world)
    .list()
    .map(([, revision]) => revision)
    .filter(({ name }) => partsOf(name).project === project)
    .filter(({ name }) => region === '-' || partsOf(name).location === region)
    .filter(({ service }) => wanted === undefined || shortName(service) === wanted)
    .sort((a, b) => b.createTime.localeCompare(a.createTime))
    .map((revision) => shown(revision));
  return ok(knativePage('RevisionList', items, call.query));
}

/** `GET …/revisions/{revision}`. */
export function getRevision(world: World, call: Call): Reply {
  const short = param(call, 'revision');
  const found = revisions(world)
    .list()
    .map(([, revision]) => revision)
    .find(
      ({ name }) => partsOf(name).project === param(call, 'project') && shortName(name) === short,
    );
  if (found === undefined) throw notFound(`Resource '${short}' of kind 'REVISION' does not exist.`);
  demand(world, call.caller, 'run.revisions.get', found.service);
  return ok(shown(found));
}

function shown({ name, service, uid, state, labels, ...revision }: RevisionRecord): Message {
  const { project, location } = partsOf(name);
  const { metadata, spec } = knativeTemplate(readTemplate(revision.template));
  return {
    ...{ apiVersion: 'serving.knative.dev/v1', kind: 'Revision' },
    metadata: {
      ...metadata,
      ...{ name: shortName(name), namespace: project, uid, generation: revision.generation },
      creationTimestamp: revision.createTime,
      labels: {
        ...labels,
        [SERVICE]: shortName(service),
        'cloud.googleapis.com/location': location,
      },
    },
    spec,
    status: {
      observedGeneration: revision.generation,
      conditions: ['Ready', 'ContainerHealthy'].map((type) => knativeCondition(type, state)),
    },
  };
}

/** The service of a selector such as `serving.knative.dev/service=users`; others choose nothing away. */
function serviceOf(selector: string): string | undefined {
  const [, service] =
    /(?:^|,)\s*serving\.knative\.dev\/service\s*==?\s*([-a-z0-9]+)/.exec(selector) ?? [];
  return service;
}

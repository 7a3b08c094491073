import { held } from '../../src/held.ts';
import type { World } from '../world.ts';
import type { Instance } from './instance.ts';
import { refusal } from './invoker.ts';
import { openProxy, type Proxy, type Target } from './proxy.ts';
import { changeService, type RevisionRecord, revisions, type ServiceRecord } from './records.ts';
import { serviceNamed, services } from './records.ts';
import { ingressContainer, readTemplate } from './template.ts';
import { reserved, reservedTagUrl, reservedUrl } from './reserved.ts';
import { pickRevision, revisionOf } from './traffic.ts';

/** The open addresses of all services. */
export interface AddressBook {
  /** Opens the address of a service and of its tags, closes those of tags that it lost. */
  open(service: string): Promise<ServiceRecord>;
  /** The address that is known before its service is there, and stays when that goes. */
  reserve(service: string, tag?: string): Promise<string>;
  /** Closes the addresses of one service, or all. */
  close(service?: string): void;
}

function close(proxy: Promise<Proxy>): void {
  void proxy.then(
    (one) => one.close(),
    () => undefined,
  );
}

/** No tag is called so. */
const stable = '=';

type InstanceOf = (revision: RevisionRecord) => Instance;

/** Addresses on 127.0.0.1 whose ports are kept with the service, so that they outlive a restart. */
export function addressBook(world: World, instanceOf: InstanceOf): AddressBook {
  const open = new Map<string, Map<string, Promise<Proxy>>>();

  async function proxy(service: string, tag: string, wanted: number): Promise<number> {
    const proxies = open.get(service) ?? new Map<string, Promise<Proxy>>();
    open.set(service, proxies);
    const made =
      proxies.get(tag) ?? held(openProxy(wanted, upstream(world, instanceOf, service, tag)));
    proxies.set(tag, made); // at once: two may ask for one address
    return (await made).port;
  }

  async function reserve(service: string, tag?: string): Promise<string> {
    const port = await proxy(service, stable, reserved(world).get(service)?.port ?? 0);
    const known = reserved(world).get(service)?.tags;
    reserved(world).set(service, { port, ...(known && { tags: known }) });
    if (tag === undefined) return reservedUrl(world, service) ?? '';
    const tagPort = await proxy(service, `${stable}${tag}`, known?.[tag] ?? 0);
    const tags = { ...reserved(world).get(service)?.tags, [tag]: tagPort };
    reserved(world).set(service, { port, tags });
    return reservedTagUrl(world, service, tag) ?? '';
  }

  return {
    reserve,
    async open(service) {
      await reserve(service);
      const { port: wanted, served, tagPorts: before } = serviceNamed(world, service);
      const port = await proxy(service, '', wanted);
      const tags = served.flatMap(({ tag }) => (tag === undefined ? [] : [tag]));
      const tagPorts = { ...before };
      for (const tag of tags) tagPorts[tag] = await proxy(service, tag, before[tag] ?? 0);
      for (const [tag, made] of open.get(service) ?? []) {
        if (tag === '' || tag.startsWith(stable) || tags.includes(tag)) continue;
        close(made);
        open.get(service)?.delete(tag);
      }
      return changeService(world, service, { port, tagPorts });
    },
    close(only) {
      for (const [service, proxies] of [...open]) {
        if (only !== undefined && only !== service) continue;
        const kept = [...proxies].filter(([tag]) => only !== undefined && tag.startsWith(stable));
        for (const [tag, made] of proxies) if (!kept.some(([one]) => one === tag)) close(made);
        open.delete(service);
        if (kept.length > 0) open.set(service, new Map(kept));
      }
    },
  };
}

function upstream(world: World, instanceOf: InstanceOf, name: string, tag: string) {
  return {
    refuse: (request: { headers: Parameters<typeof refusal>[2] }) => {
      const service = services(world).get(name);
      return service === undefined ? 404 : refusal(world, service, request.headers);
    },
    withInstance(path: string, work: (target: Target) => Promise<void>) {
      const revision = chosen(world, name, tag);
      if (revision === undefined) return undefined;
      const target = targetOf(revision, path);
      return instanceOf(revision).busy((address) => work({ ...target, address }));
    },
  };
}

function chosen(world: World, name: string, tag: string): RevisionRecord | undefined {
  const { served, latestReady } = serviceNamed(world, name);
  const wanted = tag.startsWith(stable) && tag !== stable ? tag.slice(stable.length) : tag;
  const tagged = served.find((target) => target.tag === wanted);
  if (tagged === undefined && wanted !== tag) return undefined; // nothing has that tag
  const short =
    tagged === undefined
      ? pickRevision(served, latestReady, Math.random())
      : revisionOf(tagged, latestReady);
  return short === undefined ? undefined : revisions(world).get(`${name}/revisions/${short}`);
}

// The fault `smoke`: ready by its probe, and wrong at everything else.
function targetOf(revision: RevisionRecord, path: string): Omit<Target, 'address'> {
  const template = readTemplate(revision.template);
  const probe = ingressContainer(template).startupProbe?.httpGet?.path;
  const broken = revision.fault === 'smoke' && path !== probe;
  return { timeoutMs: Number.parseFloat(template.timeout ?? '300') * 1000, broken };
}

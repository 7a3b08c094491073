import type { Hono } from 'hono';
import { z } from 'zod';
import type { ProjectRecord } from '../record.ts';
import { change, type Room } from '../room.ts';
import { ApiError } from './api-error.ts';
import { bodyOf, type Env, projectOf } from './session.ts';

/** The add-ons that this stand-in sells; dollars a month (Supabase, "Pricing"). */
const addons = [
  { type: 'ipv4', id: 'ipv4_default', name: 'IPv4 address', amount: 4 },
  { type: 'custom_domain', id: 'cd_default', name: 'Custom domain', amount: 10 },
  { type: 'pitr', id: 'pitr_7', name: 'Point in time recovery of 7 days', amount: 100 },
] as const;

const PATH = '/v1/projects/:ref/billing/addons';
const Wanted = z.object({ addon_type: z.string(), addon_variant: z.string() });

/** What a project has bought beside its plan, and what it could buy. */
export function addonRoutes(app: Hono<Env>, room: Room): void {
  app.get(PATH, (call) => {
    const bought = boughtBy(projectOf(room, call));
    const chosen = addons.filter(({ id }) => bought.includes(id));
    return call.json({
      selected_addons: chosen.map((addon) => ({ type: addon.type, variant: variant(addon) })),
      available_addons: addons.map((addon) => ({
        ...{ type: addon.type, name: addon.name, variants: [variant(addon)] },
      })),
    });
  });
  app.patch(PATH, async (call) => {
    const record = projectOf(room, call);
    const [{ ref }, bought] = [record, boughtBy(record)];
    const { addon_type: type, addon_variant: id } = await bodyOf(call, Wanted);
    const found = addons.find((addon) => addon.type === type && addon.id === id);
    if (found === undefined) throw new ApiError(400, `There is no add-on ${type} ${id}`);
    change(room, ref, { addons: [...bought.filter((one) => one !== id), id] });
    return call.body(null, 200);
  });
  app.delete(`${PATH}/:variant`, (call) => {
    const record = projectOf(room, call);
    const [{ ref }, bought] = [record, boughtBy(record)];
    const id = call.req.param('variant');
    if (!bought.includes(id)) throw new ApiError(404, `The project has no add-on ${id}`);
    change(room, ref, { addons: bought.filter((one) => one !== id) });
    return call.body(null, 200);
  });
}

/** An older project, whose Postgres is at hand, counts as one that has an IPv4 address. */
function boughtBy({ addons: bought = [], apart }: ProjectRecord): readonly string[] {
  return apart === true ? bought : [...new Set([...bought, 'ipv4_default'])];
}

function variant({ id, name, amount }: (typeof addons)[number]): object {
  const price = { type: 'fixed', interval: 'monthly', amount, description: `$${amount}/month` };
  return { id, name, price };
}

import { randomInt } from 'node:crypto';
import type { World } from '../world.ts';
import { echoRoutes } from './echo-face.ts';
import type { Route } from './http.ts';

const newId = (): string => String(randomInt(1e12)).padStart(13, '1');

/** The Monitoring API, v3: notification channels and alert policies. */
export function monitoringRoutes(world: World): readonly Route[] {
  const common = { version: 'v3', parent: 'projects/*', id: newId } as const;
  return [
    ...echoRoutes(world, {
      ...common,
      file: 'notification-channels',
      kind: 'notificationChannels',
      permissions: 'monitoring.notificationChannels',
      serverFields: () => ({}),
    }),
    ...echoRoutes(world, {
      ...common,
      file: 'alert-policies',
      kind: 'alertPolicies',
      permissions: 'monitoring.alertPolicies',
      serverFields: (world, _name, before) => {
        const record = { mutateTime: world.now().toISOString(), mutatedBy: 'owner@sandbox' };
        return { creationRecord: before?.['creationRecord'] ?? record, mutationRecord: record };
      },
    }),
  ];
}

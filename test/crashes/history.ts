import { setTimeout as pause } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import type { Lane } from './lane.ts';

const lookEveryMs = 30;
const workflowId = 'environment/production';

/** How a run stands at one moment, as Temporal tells. */
export interface Standing {
  readonly runId: string;
  readonly open: boolean;
  readonly events: number;
  /** Attempts of what is under way, so that a repeated one counts as getting on. */
  readonly attempts: number;
  readonly activities: readonly string[];
}

/** Asks the lane's Temporal about the newest run; undefined while it does not answer. */
export function historyOf(lane: Lane) {
  let client: Client | undefined;
  const look = async (): Promise<Standing | undefined> => {
    try {
      client ??= await connect(lane);
      const now = client;
      const { runId, status, historyLength, raw } = await now.withDeadline(Date.now() + 8000, () =>
        now.workflow.getHandle(workflowId).describe(),
      );
      const pending = raw.pendingActivities ?? [];
      return {
        ...{ runId, open: status.name === 'RUNNING', events: historyLength },
        attempts: pending.reduce((sum, one) => sum + startedAttempts(one), 0),
        activities: pending.map(({ activityType }) => activityType?.name ?? ''),
      };
    } catch {
      return undefined;
    }
  };
  return {
    look,
    /** Waits until the run after `before` stands as wanted, or has closed. */
    until: async (
      before: string | undefined,
      wanted: (now: Standing) => boolean,
      over: () => boolean,
    ) => {
      while (!over()) {
        const now = await look();
        if (now && now.runId !== before && (wanted(now) || !now.open)) return now;
        await pause(lookEveryMs);
      }
      return undefined;
    },
    close: async (): Promise<void> => {
      await client?.connection.close();
    },
  };
}

async function connect(lane: Lane): Promise<Client> {
  const { temporal } = await lane.book();
  const connection = await Connection.connect({ address: temporal.address, connectTimeout: '2s' });
  return new Client({ connection, namespace: temporal.namespace });
}

// temporal.api.enums.v1.PendingActivityState: 2 = started; one that waits has not begun its attempt.
function startedAttempts({ attempt, state }: { attempt?: number | null; state?: number | null }) {
  return Number(state) === 2 ? Number(attempt) : Number(attempt) - 1;
}

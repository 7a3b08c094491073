import { connect } from 'node:net';
import { get } from 'node:http';
import { connectAt, type InstanceAddress, requestAt } from './instance-address.ts';
import type { Probe } from './template.ts';

/** Asks once: an HTTP answer from 200 to 399 on the probe's path, or a TCP connection. */
export function askProbe(probe: Probe, address: InstanceAddress): Promise<boolean> {
  const timeoutMs = (probe.timeoutSeconds ?? 1) * 1000;
  const path = probe.httpGet === undefined ? undefined : (probe.httpGet.path ?? '/');
  return path === undefined ? connects(address, timeoutMs) : answers(address, path, timeoutMs);
}

/** How long a probe lets a container start: initial delay and all its tries; milliseconds. */
export function probeBudgetMs(probe: Probe): number {
  const { initialDelaySeconds = 0, periodSeconds = 10, failureThreshold = 3 } = probe;
  return (initialDelaySeconds + periodSeconds * failureThreshold) * 1000;
}

function connects(address: InstanceAddress, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ ...connectAt(address), timeout: timeoutMs });
    const settle = (open: boolean): void => {
      socket.destroy();
      resolve(open);
    };
    socket.once('connect', () => settle(true));
    socket.once('timeout', () => settle(false));
    socket.once('error', () => settle(false));
  });
}

function answers(address: InstanceAddress, path: string, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = get({ ...requestAt(address), path, timeout: timeoutMs }, (response) => {
      response.resume();
      const status = response.statusCode ?? 500;
      resolve(status >= 200 && status < 400);
    });
    asked.once('timeout', () => asked.destroy());
    asked.once('error', () => resolve(false));
  });
}

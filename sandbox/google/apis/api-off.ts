import { GoogleError } from '../http.ts';
import { catalogue } from './catalogue.ts';

/** Google's refusal of a call to an API that the project has not switched on, or a moment ago. */
export function apiOff(api: string, number: string): GoogleError {
  const title = catalogue[api] ?? api;
  const url = `https://console.developers.google.com/apis/api/${api}/overview?project=${number}`;
  const message = `${title} has not been used in project ${number} before or it is disabled. Enable it by visiting ${url} then retry. If you enabled this API recently, wait a few minutes for the action to propagate to our systems and retry.`;
  const json = api === 'storage.googleapis.com'; // the older bodies list the error once more
  return new GoogleError('PERMISSION_DENIED', message, {
    ...(json && { reason: 'accessNotConfigured', domain: 'usageLimits' }),
    details: [
      {
        '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
        reason: 'SERVICE_DISABLED',
        domain: 'googleapis.com',
        metadata: {
          ...{ service: api, serviceTitle: title, activationUrl: url },
          ...{ consumer: `projects/${number}`, containerInfo: number },
        },
      },
      { '@type': 'type.googleapis.com/google.rpc.LocalizedMessage', locale: 'en-US', message },
      {
        '@type': 'type.googleapis.com/google.rpc.Help',
        links: [{ description: 'Google developers console API activation', url }],
      },
    ],
  });
}

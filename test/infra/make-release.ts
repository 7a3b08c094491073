import { pushImage, serving } from '../sandbox/run/cloud.ts';
import type { Cloud } from '../sandbox/run/cloud.ts';

/** Images of the sample services, a newer and a broken one of meals, and the value that meals reads. */
export async function makeRelease(cloud: Cloud) {
  const secret = `readFileSync((env.SECRETS_DIR ?? '/secrets') + '/database-url/value')`;
  const images: Record<string, string> = {
    gateway: await pushImage(cloud, serving(`env.MEALS_URL + ' ' + env.USERS_URL`), 'gateway'),
    meals: await pushImage(cloud, serving(`'old ' + ${secret}`), 'meals'),
    users: await pushImage(cloud, serving(`'users'`), 'users'),
  };
  const newMeals = await pushImage(cloud, serving(`'new ' + ${secret}`), 'meals');
  const broken = await pushImage(cloud, `console.error('no luck'); process.exit(3);`, 'meals');
  const data = Buffer.from('postgres://meals').toString('base64');
  const path = '/v1/projects/demo-prod/secrets/meals-database-url:addVersion';
  await cloud.call('POST', path, { payload: { data } });
  return { images, newMeals, broken };
}

import type { CatalogService } from '../../src/terraform/variables.ts';

/** Where the stacks' services lie. */
export const environment = {
  name: 'production',
  project: 'demo-prod',
  region: 'us-central1',
  billingAccount: '000000-000000-000000',
  projectNumber: '17',
  budgetEmail: 'ops@example.com',
};
/** A service that says nothing of itself. */
const base: CatalogService = {
  ...{ cpu: 1, memory: '512Mi', min: 0, max: 2, concurrency: 80, port: 8080 },
  ...{ public: false, calls: [], env: {}, secrets: {}, startupPath: '/', livenessPath: '/' },
};
/** A public one that calls two. */
export const services = {
  gateway: { ...base, public: true, min: 1, calls: ['meals', 'users'] },
  meals: { ...base, secrets: { 'database-url': 'database' } },
  users: { ...base, env: { LOG_LEVEL: 'info' } },
};
/** A service's address in Terraform. */
export const callee = (name: string) =>
  `module.services["${name}"].google_cloud_run_v2_service.this`;

/** The same and one more. */
export const wider = { ...services, agent: base };

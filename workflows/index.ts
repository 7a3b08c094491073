export { deploy } from './deploy.ts';
export { rollback } from './rollback.ts';

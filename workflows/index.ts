export { backup } from './backup.ts';
export { deploy } from './deploy.ts';
export { deliver } from './notices.ts';
export { drift } from './drift.ts';
export { drill } from './drill.ts';
export { reconcile } from './reconcile.ts';
export { recover } from './recover.ts';
export { rollback } from './rollback.ts';

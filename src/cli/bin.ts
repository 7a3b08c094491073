#!/usr/bin/env node
// Nothing is imported before this: an older Node ends at imports that it does not know.
const [major = '0'] = process.versions.node.split('.');
if (Number(major) >= 24) await import('./main.ts');
else {
  process.stderr.write(`✘ Node ${process.versions.node} is too old [NODE_TOO_OLD]
  why: Windlass needs Node 24 or newer
  fix: Put a newer Node on PATH, such as by \`npm install node@24\` and \`npx windlass\`.\n`);
  process.exitCode = 3;
}

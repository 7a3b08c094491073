import { ownBundle, programHome } from '../src/temporal/versions/own-bundle.ts';

// `make setup` calls it: 2 to 5 s that the first worker would take in the middle of a first deploy.
await ownBundle(programHome());

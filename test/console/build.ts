import { buildConsole } from '../../console/build.ts';

/** Builds the console before the tests, if its sources changed since. */
export default buildConsole;

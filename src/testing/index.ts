/** A server for the tests of an integration: in this process, in memory, on a free port. */

export type { OperationName } from '../contract/operations.ts';
export type { Instance } from '../instance/shape.ts';
export type { Clock } from '../server/clock.ts';
export type { ReceivedCall, ReceivedFault, ReceivedRow } from './calls.ts';
export type { Failure } from './failures.ts';
export type { ObjectOf, ObjectType } from './objects.ts';
export { startMktows, type TestServer, type TestServerOptions } from './server.ts';

import type { KeyCondition } from './find-plan.ts';
import type { CustomObjectRecord, CustomObjectTypeRecord } from './object-type.ts';

/** A page of the custom objects of a type, in the order of their keys. */
export interface CustomObjectQuery {
  readonly type: CustomObjectTypeRecord;
  /** All must hold. */
  readonly conditions: readonly KeyCondition[];
  /** The `end` of the page before; undefined: the first page. */
  readonly after: string | undefined;
  /** The number of objects to pass over. */
  readonly skip: number;
  /** The number of objects behind `after`, if an earlier page counted them; undefined: to be counted. */
  readonly left: number | undefined;
  readonly limit: number;
}

export interface FoundCustomObjects {
  readonly objects: readonly CustomObjectRecord[];
  /** The number of objects behind the page: as counted with the first page, so later changes may not be in it. */
  readonly left: number;
  /** The place after the last object; undefined: there is none before the page, and none in it. */
  readonly end: string | undefined;
}

import type { EnumerationValue } from '../../contract/enumerations.ts';
import type { MObjectSettings } from '../settings.ts';

/** A decoded importToList call. */
export interface ImportCall {
  readonly programName: string;
  readonly listName: string;
  /** Undefined: none. */
  readonly campaignName: string | undefined;
  readonly mode: EnumerationValue<'ImportToListModeEnum'>;
  /** If true, the list is emptied first. */
  readonly clears: boolean;
  /** As sent: CSV. */
  readonly header: string;
  /** As sent: CSV, mostly a row each. */
  readonly items: readonly string[];
  readonly settings: MObjectSettings;
  /** UTC, `YYYY-MM-DDTHH:MM:SS.sssZ`. */
  readonly now: string;
}

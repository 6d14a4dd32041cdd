/** The rules that the operator can change (docs/behaviour.md#settings). */
export interface MObjectSettings {
  /** The effect of an empty or nil value on update: keep the field's value, or clear it. */
  readonly emptyValues: 'keep' | 'clear';
  /** The effect of an attribute with an unknown name: fail its row, create a custom string field, or ignore it. */
  readonly unknownFields: 'fail' | 'create' | 'ignore';
  /** `known`: an externalKey must name a defined field. */
  readonly externalKeys: 'known' | 'any';
  /** The effect of a workspace, static list, campaign or custom object type that is not defined: define it, or refuse. */
  readonly undefinedNames: 'fail' | 'create';
  /** `cascade`: deleting an opportunity also deletes its roles. */
  readonly deleteRoles: 'keep' | 'cascade';
  /** `refuse`: a window of updates is at most 30 days long, as Marketo's limits have it. */
  readonly longRanges: 'allow' | 'refuse';
  /** IANA name of the zone of datetimes received without an offset, and of all datetimes sent. */
  readonly timeZone: string;
}

/** The settings of a server without options. */
export const defaultSettings: MObjectSettings = {
  emptyValues: 'keep',
  unknownFields: 'fail',
  externalKeys: 'known',
  undefinedNames: 'fail',
  deleteRoles: 'keep',
  longRanges: 'allow',
  timeZone: 'UTC',
};

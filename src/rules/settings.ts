/** What the operator can choose about the rules (docs/behaviour.md#settings). */
export interface MObjectSettings {
  /** What an empty or nil value does on update: nothing, or clear the field. */
  readonly emptyValues: 'keep' | 'clear';
  /** What an attribute of unknown name does: fail its row, become a custom string field, or nothing. */
  readonly unknownFields: 'fail' | 'create' | 'ignore';
  /** Whether an externalKey must name a known field. */
  readonly externalKeys: 'known' | 'any';
  /** Whether an opportunity's roles go with it when it is deleted. */
  readonly deleteRoles: 'keep' | 'cascade';
  /** IANA name: the zone of datetimes that come without an offset, and of those that go out. */
  readonly timeZone: string;
}

/** The settings of a server that is told nothing. */
export const defaultSettings: MObjectSettings = {
  emptyValues: 'keep',
  unknownFields: 'fail',
  externalKeys: 'known',
  deleteRoles: 'keep',
  timeZone: 'UTC',
};

/**
 * Selects the id of a key name. Parameters: the object type and the folded name. NULL if no such key has been stored.
 * Part of each statement rather than cached, so that it is right after rollbacks and writes of other processes.
 */
export const keyNameId = '(SELECT id FROM key_name WHERE object_type = ? AND name = ?)';

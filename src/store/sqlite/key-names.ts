/**
 * Selects the id of a key's name by its two parameters, the type of the object and the folded name; NULL: there has
 * been no such key yet. Read with each statement, so that no cache can be behind a rollback or another process.
 */
export const keyNameId = '(SELECT id FROM key_name WHERE object_type = ? AND name = ?)';

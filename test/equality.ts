import { expect } from 'vitest';
import { FieldValueTable } from '../src/records/field-values.ts';

// Values of custom fields are read when they are asked for, so they are no property that could be compared. Tests
// compare them as the code does, so that they see no difference that it does not see.
expect.addEqualityTesters([
  function haveEqualValues(one, other) {
    if (!(one instanceof FieldValueTable && other instanceof FieldValueTable)) return undefined;
    return one.equals(other);
  },
]);

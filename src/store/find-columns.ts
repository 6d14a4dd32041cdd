import { byType } from '../records/all.ts';
import { columnName } from '../records/column.ts';
import type { Condition, ObjectQuery } from '../rules/query.ts';
import { columnsOf, type TableColumn } from './columns.ts';

const columnsByType = byType(
  (declaration) => new Map(columnsOf(declaration).map((column) => [column.name, column])),
);

/** Returns the column that a condition compares; undefined for a custom field. */
export function columnOf(type: ObjectQuery['type'], subject: Condition['subject']): TableColumn | undefined {
  const isCustom = subject.kind === 'field' && subject.field.custom;
  return isCustom ? undefined : columnsByType[type].get(columnName(propertyOf(subject)));
}

function propertyOf(subject: Condition['subject']): string {
  switch (subject.kind) {
    case 'id':
      return 'id';
    case 'time':
      return subject.which;
    case 'program':
      return subject.property;
    case 'field':
      return subject.field.name;
  }
}

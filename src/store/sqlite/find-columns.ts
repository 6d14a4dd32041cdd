import type { Condition, ObjectQuery } from '../../rules/query.ts';
import { fieldColumns } from '../columns.ts';

const programColumns = {
  name: 'name',
  type: 'type',
  crmId: 'crm_id',
  workspaceId: 'workspace_id',
  workspaceName: 'workspace_name',
} as const;

/** The column that holds what a condition looks at; undefined for a custom field. */
export function columnOf(type: ObjectQuery['type'], subject: Condition['subject']): string | undefined {
  switch (subject.kind) {
    case 'id':
      return 'id';
    case 'time':
      return subject.which === 'createdAt' ? 'created_at' : 'updated_at';
    case 'program':
      return programColumns[subject.property];
    case 'field': {
      if (type === 'Program') return undefined;
      const { name } = subject.field;
      return name === 'Id' ? 'id' : fieldColumns[type].find(({ field }) => field.name === name)?.column;
    }
  }
}

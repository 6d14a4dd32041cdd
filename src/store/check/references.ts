import { declarationOf, recordTypes } from '../../records/all.ts';
import type { Declaration } from '../../records/declare.ts';
import { columnsOf, ownerColumn, tableNames } from '../columns.ts';
import { type CheckResult, correct, createFindings, FAULTS_KEPT, type Findings } from './report.ts';
import type { CheckSource } from './source.ts';

/** A reference from the rows of one table to those of another. */
interface Reference {
  readonly table: string;
  /** SQL expression that identifies a row. */
  readonly row: string;
  /** The referring column; two columns are compared as a row value. */
  readonly from: readonly string[];
  readonly to: string;
  readonly columns: readonly string[];
  /** SQL condition under which a row refers to nothing and is right nonetheless. */
  readonly unless?: string;
  /** Set for tables that only one engine has. */
  readonly engine?: CheckSource['engine'];
}

const toId = (table: string, row: string, from: string, to: string): Reference => ({
  table,
  row,
  from: [from],
  to,
  columns: ['id'],
});

/** The activity of a merged lead has yet to move to the winner. */
const isMoving = 'EXISTS (SELECT 1 FROM activity_move AS m WHERE m.from_id = f.lead_id)';

/** The references that record types declare. Deleting an opportunity leaves its roles, so theirs are only noted. */
const declared = recordTypes
  .filter((type) => type !== 'OpportunityPersonRole')
  .map((type): Declaration => declarationOf[type])
  .flatMap((declaration) => [
    ...columnsOf(declaration).flatMap(({ name, references }) =>
      references === undefined
        ? []
        : [
            {
              ...toId(declaration.table, 'id', name, tableNames[references]),
              ...(declaration.name === 'Activity' ? { unless: isMoving } : {}),
            },
          ],
    ),
    ...Object.values(declaration.parts).map((part) =>
      toId(
        part.table,
        part.kind === 'texts' ? part.nameColumn : 'id',
        ownerColumn(declaration),
        declaration.table,
      ),
    ),
  ]);

/** References that the rules never leave dangling. Roles are not included: see `noteRoles`. */
const references: readonly Reference[] = [
  ...declared,
  { table: 'program', row: 'id', from: ['channel'], to: 'channel', columns: ['name'] },
  {
    table: 'program_tag',
    row: 'program_id',
    from: ['type', 'value'],
    to: 'tag_value',
    columns: ['tag_type', 'value'],
  },
  { table: 'tag_value', row: 'position', from: ['tag_type'], to: 'tag_type', columns: ['name'] },
  { table: 'channel_status', row: 'position', from: ['channel'], to: 'channel', columns: ['name'] },
  { ...toId('key_entry', 'value', 'name_id', 'key_name'), engine: 'sqlite' },
];

/** Reports references to rows that do not exist. */
export async function checkReferences(source: CheckSource): Promise<CheckResult> {
  const findings = createFindings('references');
  for (const reference of references) {
    const { engine = source.engine } = reference;
    if (engine === source.engine) await follow(source, reference, findings);
  }
  await noteRoles(source, findings);
  return findings.result();
}

async function follow(source: CheckSource, reference: Reference, findings: Findings): Promise<void> {
  const { table, row, from, to, columns, unless } = reference;
  const given = from.map((column) => `f.${column} IS NOT NULL`).join(' AND ');
  const wrong = unless === undefined ? given : `${given} AND NOT ${unless}`;
  const meets = columns.map((column, index) => `t.${column} = f.${from[index]}`).join(' AND ');
  const [counted] = await source.rows(`SELECT count(*) FROM ${table} AS f WHERE ${given}`);
  findings.examined(`${table} → ${to}`, Number(counted?.[0] ?? 0));
  const selected = [row, ...from].map((column) => `f.${column}`).join(', ');
  const rows = await source.rows(
    `SELECT ${selected}, count(*) OVER () FROM ${table} AS f ` +
      `WHERE ${wrong} AND NOT EXISTS (SELECT 1 FROM ${to} AS t WHERE ${meets}) ` +
      `ORDER BY ${selected} LIMIT ${FAULTS_KEPT}`,
  );
  for (const cells of rows) {
    const goal = cells.slice(1, -1).map((cell) => JSON.stringify(cell));
    findings.fault({
      where: `${table} (${row} ${cells[0]})`,
      found: `${from.join(', ')} = ${goal.join(', ')}, and ${to} has no such row`,
      expected: `a row of ${to}`,
      remedy: correct,
    });
  }
  findings.further(Number(rows[0]?.at(-1) ?? 0) - rows.length);
}

/**
 * Notes roles without an opportunity. They are not faults: opportunities are deleted without their roles by default.
 */
async function noteRoles(source: CheckSource, findings: Findings): Promise<void> {
  const [counted] = await source.rows('SELECT count(*) FROM opportunity_person_role');
  findings.examined('roles', Number(counted?.[0] ?? 0));
  const without = (table: string, column: string) =>
    `(r.${column} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM ${table} AS t WHERE t.id = r.${column}))`;
  const [lone] = await source.rows(
    'SELECT count(*) FROM opportunity_person_role AS r ' +
      `WHERE ${without('opportunity', 'opportunity_id')} OR ${without('lead', 'person_id')}`,
  );
  const number = Number(lone?.[0] ?? 0);
  if (number === 0) return;
  findings.note(
    `${number} of the roles ${number === 1 ? 'leads' : 'lead'} to a missing opportunity or lead: ` +
      'no fault, opportunities are deleted without their roles unless --delete-roles is cascade',
  );
}

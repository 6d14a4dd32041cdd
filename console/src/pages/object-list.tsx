import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'wouter';
import type { FieldInfo, ObjectItem, Page as PageOf, TypeInfo } from '../api.ts';
import { get, path } from '../http.ts';
import { Choice, Line } from '../ui/choice.tsx';
import { EditObject } from '../ui/edit-object.tsx';
import { type Filters, useFilters } from '../ui/filters.ts';
import { Page, Panel } from '../ui/panel.tsx';
import { SearchBox } from '../ui/search-box.tsx';
import { Empty, ErrorNote, Loaded, SearchOn } from '../ui/states.tsx';
import { type Column, Pager, Table } from '../ui/table.tsx';
import { Text, Value } from '../ui/text.tsx';
import { Time } from '../ui/time.tsx';
import { Pipeline, useTypes } from './objects.tsx';

const operators = {
  eq: '=',
  ne: '≠',
  lt: '<',
  le: '≤',
  gt: '>',
  ge: '≥',
  starts: 'starts with',
  contains: 'contains',
  isNull: 'has no value',
} as const;
type Operator = keyof typeof operators;

/** Columns of values beside id, name and the time of the last change. */
const COLUMNS = 6;
/** Fields whose values have columns of their own. */
const hidden = ['createdAt', 'updatedAt'];

/** The objects of a type, with search, conditions and order in the address. */
export function ObjectListPage({ type }: { readonly type: string }) {
  const types = useTypes();
  const [isAdding, setAdding] = useState(false);
  const info = types.data?.find(({ name }) => name === type);
  return (
    <Page
      title={type}
      above={
        <Link href="/objects" data-up="">
          Objects
        </Link>
      }
      actions={
        info?.editable && (
          <button type="button" onClick={() => setAdding(true)}>
            Add
          </button>
        )
      }
    >
      <Loaded query={types}>
        {() =>
          info ? (
            <List info={info} />
          ) : (
            <Empty title={`There is no type ${type}.`}>
              The <Link href="/objects">list of types</Link> has those there are.
            </Empty>
          )
        }
      </Loaded>
      {type === 'Opportunity' && <Pipeline />}
      {isAdding && <EditObject type={type} onClose={() => setAdding(false)} />}
    </Page>
  );
}

function List({ info }: { readonly info: TypeInfo }) {
  const filters = useFilters();
  const query = { search: filters.get('search'), sort: filters.get('sort'), where: filters.all('where') };
  const list = useInfiniteQuery({
    queryKey: ['objects', info.name, query],
    queryFn: ({ pageParam, signal }) =>
      get<PageOf<ObjectItem>>(path('objects', info.name), { ...query, after: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    placeholderData: keepPreviousData,
  });
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <FilterBar info={info} filters={filters} />
      {list.error && <ErrorNote error={list.error} retry={() => void list.refetch()} />}
      {list.data && items.length === 0 && !list.hasNextPage && <Nothing info={info} filters={filters} />}
      {items.length === 0 && list.hasNextPage && <SearchOn list={list} />}
      {items.length > 0 && (
        <Panel title={`${info.count.toLocaleString('en')} stored`} bare>
          <Table
            label={info.name}
            tall
            items={items}
            columns={columnsFor(info, items)}
            keyOf={({ id }) => id}
            hrefOf={({ id }) => path('objects', info.name, id)}
            sort={query.sort}
            onSort={(sort) => filters.set('sort', sort)}
          />
          <Pager
            shown={items.length}
            hasMore={list.hasNextPage}
            isLoading={list.isFetchingNextPage}
            more={() => void list.fetchNextPage()}
          />
        </Panel>
      )}
    </>
  );
}

/** Returns columns for the fields that the objects have values of, standard ones first. */
function columnsFor(
  { fields, nameField }: TypeInfo,
  items: readonly ObjectItem[],
): readonly Column<ObjectItem>[] {
  const [idField] = fields;
  const hasValue = (name: string) =>
    items.some(({ values }) => values[name] !== null && values[name] !== undefined);
  const shown = fields
    .map(({ name }) => name)
    .filter(
      (name) => name !== idField?.name && name !== nameField && !hidden.includes(name) && hasValue(name),
    )
    .slice(0, COLUMNS);
  const isNumber = (name: string) =>
    ['integer', 'float', 'currency', 'reference'].includes(
      fields.find((field) => field.name === name)?.dataType ?? '',
    );
  return [
    { title: 'Id', number: true, ...(idField ? { sort: idField.name } : {}), cell: ({ id }) => id },
    {
      title: 'Name',
      ...(nameField === null ? {} : { sort: nameField }),
      cell: ({ name }) => name !== null && <Text value={name} most={120} />,
    },
    ...shown.map((name) => ({
      title: name,
      number: isNumber(name),
      sort: name,
      cell: ({ values }: ObjectItem) =>
        values[name] === null || values[name] === undefined ? null : (
          <span className="clip">
            <Value value={values[name]} most={120} />
          </span>
        ),
    })),
    { title: 'Changed', cell: ({ updatedAt }) => updatedAt && <Time at={updatedAt} /> },
  ];
}

function FilterBar({ info, filters }: { readonly info: TypeInfo; readonly filters: Filters }) {
  const conditions = filters.all('where');
  return (
    <>
      <div className="filters">
        <SearchBox
          label="Search"
          placeholder="name or id"
          value={filters.get('search')}
          onChange={(search) => filters.set('search', search)}
        />
        <AddCondition
          fields={info.fields}
          onAdd={(condition) => filters.set('where', [...conditions, condition])}
        />
      </div>
      {conditions.length > 0 && (
        <ul className="legend" aria-label="Conditions">
          {conditions.map((condition) => (
            <li key={condition} className="row">
              <Text value={conditionText(condition)} />
              <button
                type="button"
                className="plain"
                aria-label={`Remove ${conditionText(condition)}`}
                onClick={() =>
                  filters.set(
                    'where',
                    conditions.filter((other) => other !== condition),
                  )
                }
              >
                Remove
              </button>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function conditionText(condition: string): string {
  const [, field = '', operator = '', value = ''] = /^([^:]*):([^:]*):?(.*)$/s.exec(condition) ?? [];
  return `${field} ${operators[operator as Operator] ?? operator} ${value}`.trim();
}

function AddCondition({
  fields,
  onAdd,
}: {
  readonly fields: readonly FieldInfo[];
  readonly onAdd: (condition: string) => void;
}) {
  const names = fields.map(({ name }) => name);
  const [field, setField] = useState(names.includes('Stage') ? 'Stage' : (names[0] ?? ''));
  const [operator, setOperator] = useState<string>(operators.eq);
  const [value, setValue] = useState('');
  const code = (Object.keys(operators) as Operator[]).find((one) => operators[one] === operator) ?? 'eq';
  return (
    <form
      className="filters"
      aria-label="Add a condition"
      onSubmit={(event) => {
        event.preventDefault();
        onAdd(code === 'isNull' ? `${field}:isNull` : `${field}:${code}:${value}`);
        setValue('');
      }}
    >
      <Choice label="Field" value={field} options={names} onChange={setField} />
      <Choice label="Is" value={operator} options={Object.values(operators)} onChange={setOperator} />
      {code !== 'isNull' && <Line label="Value" value={value} onChange={setValue} />}
      <button type="submit">Add condition</button>
    </form>
  );
}

function Nothing({ info, filters }: { readonly info: TypeInfo; readonly filters: Filters }) {
  if (!filters.isEmpty) {
    return (
      <Empty title="Nothing matches.">
        <button type="button" onClick={filters.clear}>
          Show all
        </button>
      </Empty>
    );
  }
  return (
    <Empty title={`There is no ${info.name} yet.`}>
      {info.editable ? (
        <>
          Add one above, or with an <Link href="/instance?tab=file">instance file</Link>.
        </>
      ) : (
        <>
          They arrive with calls of an integration. <Link href="/try">Make one here.</Link>
        </>
      )}
    </Empty>
  );
}

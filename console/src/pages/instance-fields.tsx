import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { FieldInfo } from '../api.ts';
import { dataTypes } from '../choices.ts';
import { path, send } from '../http.ts';
import { Choice, Line } from '../ui/choice.tsx';
import { useFilters } from '../ui/filters.ts';
import { Panel } from '../ui/panel.tsx';
import { SearchBox } from '../ui/search-box.tsx';
import { Empty, ErrorNote, Loaded } from '../ui/states.tsx';
import { Table } from '../ui/table.tsx';
import { Text } from '../ui/text.tsx';
import { useToast } from '../ui/toast.tsx';
import { useTypes } from './objects.tsx';

/** The fields of each type: standard ones, and custom ones, to which one can be added. */
export function InstanceFields() {
  const types = useTypes();
  const filters = useFilters();
  return (
    <Loaded query={types}>
      {(list) => {
        const withFields = list.filter(({ fields }) => fields.length > 0);
        const type =
          withFields.find(({ name }) => name === filters.get('type')) ??
          withFields.find(({ name }) => name === 'Opportunity') ??
          withFields[0];
        if (type === undefined) return <Empty title="No type has fields." />;
        const text = filters.get('text').toLowerCase();
        const fields = type.fields.filter(({ name, displayName }) =>
          `${name} ${displayName ?? ''}`.toLowerCase().includes(text),
        );
        return (
          <>
            <div className="filters">
              <Choice
                label="Type"
                options={withFields.map(({ name }) => name)}
                value={type.name}
                onChange={(name) => filters.set('type', name)}
              />
              <SearchBox
                label="Filter"
                value={filters.get('text')}
                onChange={(value) => filters.set('text', value)}
              />
            </div>
            <AddField type={type.name} />
            <List type={type.name} fields={fields} />
          </>
        );
      }}
    </Loaded>
  );
}

function AddField({ type }: { readonly type: string }) {
  const [name, setName] = useState('');
  const [dataType, setDataType] = useState('string');
  const queries = useQueryClient();
  const say = useToast();
  const add = useMutation({
    mutationFn: () => send('POST', path('fields', type), { name, dataType }),
    async onSuccess() {
      say(`Added ${type}.${name}`);
      setName('');
      await queries.invalidateQueries({ queryKey: ['types'] });
    },
  });
  return (
    <Panel title={`Add a custom field to ${type}`}>
      <form
        className="filters"
        onSubmit={(event) => {
          event.preventDefault();
          add.mutate();
        }}
      >
        <Line label="Name" value={name} onChange={setName} required />
        <Choice label="Data type" options={dataTypes} value={dataType} onChange={setDataType} />
        <button type="submit" className="primary" disabled={add.isPending}>
          Add the field
        </button>
      </form>
      {add.error && <ErrorNote error={add.error} />}
    </Panel>
  );
}

function List({ type, fields }: { readonly type: string; readonly fields: readonly FieldInfo[] }) {
  return (
    <Panel title={`${fields.length} fields of ${type}`} bare>
      <Table
        label={`Fields of ${type}`}
        items={fields}
        keyOf={({ name }) => name}
        columns={[
          {
            title: 'Name',
            cell: ({ name }) => (
              <code>
                <Text value={name} />
              </code>
            ),
          },
          {
            title: 'Label',
            cell: ({ displayName, name }) =>
              displayName && displayName !== name && <Text value={displayName} />,
          },
          { title: 'Data type', cell: ({ dataType }) => dataType },
          { title: 'Refers to', cell: ({ references }) => references },
          {
            title: 'Kind',
            cell: ({ custom }) => (custom ? 'custom' : <span className="muted">standard</span>),
          },
        ]}
      />
    </Panel>
  );
}

import { useId } from 'react';
import type { FieldInfo } from '../api.ts';
import { Choice, Line } from '../ui/choice.tsx';
import { useTypes } from './objects.tsx';

interface Pair {
  readonly name: string;
  readonly value: string;
}

/** A row of the form. Empty texts are left out of the call. */
interface FormRow {
  /** Tells rows apart while they are edited. */
  readonly key: number;
  readonly type: string;
  readonly id: string;
  readonly externalKey: Pair;
  readonly attributes: readonly Pair[];
  readonly cost: { readonly id: string; readonly month: string; readonly amount: string };
  readonly tag: Pair;
}

export interface Form {
  readonly operation: string;
  readonly rows: readonly FormRow[];
}

const operations = ['INSERT', 'UPDATE', 'UPSERT'];
const types = ['Opportunity', 'OpportunityPersonRole', 'Program'];
const noPair: Pair = { name: '', value: '' };

let keys = 0;
function rowWith(attributes: readonly Pair[]): FormRow {
  keys += 1;
  return {
    key: keys,
    type: 'Opportunity',
    id: '',
    externalKey: noPair,
    attributes,
    cost: { id: '', month: '', amount: '' },
    tag: noPair,
  };
}

export const emptyForm = (): Form => ({
  operation: 'INSERT',
  rows: [
    rowWith([
      { name: 'Name', value: 'From the console' },
      { name: 'Amount', value: '2000' },
    ]),
  ],
});

const isPresent = ({ name }: Pair) => name !== '';

/** Returns the parameters of syncMObjects. */
export function paramsOf({ operation, rows }: Form): unknown {
  return {
    operation,
    mObjectList: {
      mObject: rows.map(({ type, id, externalKey, attributes, cost, tag }) => {
        const attrib = attributes.filter(isPresent);
        const typeAttrib = type === 'Program' ? [...costOf(cost), ...tagOf(tag)] : [];
        return {
          type,
          ...(id === '' ? {} : { id: Number(id) }),
          ...(isPresent(externalKey) ? { externalKey } : {}),
          ...(attrib.length > 0 ? { attribList: { attrib } } : {}),
          ...(typeAttrib.length > 0 ? { typeAttribList: { typeAttrib } } : {}),
        };
      }),
    },
  };
}

function costOf({ id, month, amount }: FormRow['cost']) {
  const attrib = [
    { name: 'Month', value: month },
    { name: 'Amount', value: amount },
    { name: 'Id', value: id },
  ].filter(({ value }) => value !== '');
  return attrib.length === 0 ? [] : [{ attrType: 'Cost', attrList: { attrib } }];
}

function tagOf({ name, value }: Pair) {
  if (name === '') return [];
  const attrib = [
    { name: 'Type', value: name },
    { name: 'Value', value },
  ];
  return [{ attrType: 'Tag', attrList: { attrib } }];
}

/** The call as a form; names of fields are those of describeMObject. */
export function TryForm({
  form,
  onChange,
}: {
  readonly form: Form;
  readonly onChange: (form: Form) => void;
}) {
  const { data } = useTypes();
  const { operation, rows } = form;
  const change = (key: number, changed: Partial<FormRow>) =>
    onChange({ ...form, rows: rows.map((row) => (row.key === key ? { ...row, ...changed } : row)) });
  return (
    <>
      <div className="filters">
        <Choice
          label="Operation"
          options={operations}
          value={operation}
          onChange={(value) => onChange({ ...form, operation: value })}
        />
      </div>
      {rows.map((row, place) => (
        <fieldset key={row.key} className="try-row">
          <legend>Row {place + 1}</legend>
          <RowEditor
            row={row}
            fields={data?.find(({ name }) => name === row.type)?.fields ?? []}
            onChange={(changed) => change(row.key, changed)}
          />
          {rows.length > 1 && (
            <button
              type="button"
              className="plain"
              onClick={() => onChange({ ...form, rows: rows.filter(({ key }) => key !== row.key) })}
            >
              Remove row {place + 1}
            </button>
          )}
        </fieldset>
      ))}
      <div>
        <button type="button" onClick={() => onChange({ ...form, rows: [...rows, rowWith([noPair])] })}>
          Add a row
        </button>
      </div>
    </>
  );
}

function RowEditor({
  row,
  fields,
  onChange,
}: {
  readonly row: FormRow;
  readonly fields: readonly FieldInfo[];
  readonly onChange: (changed: Partial<FormRow>) => void;
}) {
  const list = useId();
  const { externalKey, attributes, cost, tag } = row;
  const setPair = (place: number, pair: Pair) => onChange({ attributes: attributes.with(place, pair) });
  return (
    <>
      <datalist id={list}>
        {fields.map(({ name, dataType }) => (
          <option key={name} value={name}>
            {dataType}
          </option>
        ))}
      </datalist>
      <div className="filters">
        <Choice label="Type" options={types} value={row.type} onChange={(type) => onChange({ type })} />
        <Line label="Id" type="number" value={row.id} onChange={(id) => onChange({ id })} />
        <Line
          label="External key"
          list={list}
          value={externalKey.name}
          onChange={(name) => onChange({ externalKey: { ...externalKey, name } })}
        />
        <Line
          label="Value of the key"
          value={externalKey.value}
          onChange={(value) => onChange({ externalKey: { ...externalKey, value } })}
        />
      </div>
      {attributes.map((pair, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: attributes have no identity but their place
        <div key={place} className="try-pair">
          <Line
            label="Field"
            list={list}
            value={pair.name}
            onChange={(name) => setPair(place, { ...pair, name })}
          />
          <Line label="Value" value={pair.value} onChange={(value) => setPair(place, { ...pair, value })} />
          <button
            type="button"
            className="plain"
            aria-label={`Remove ${pair.name || 'the field'}`}
            onClick={() => onChange({ attributes: attributes.toSpliced(place, 1) })}
          >
            ×
          </button>
        </div>
      ))}
      <div>
        <button
          type="button"
          className="plain"
          onClick={() => onChange({ attributes: [...attributes, noPair] })}
        >
          Add a field
        </button>
      </div>
      {row.type === 'Program' && (
        <div className="filters">
          <Line
            label="Cost: month"
            placeholder="2013-06"
            value={cost.month}
            onChange={(month) => onChange({ cost: { ...cost, month } })}
          />
          <Line
            label="Cost: amount"
            value={cost.amount}
            onChange={(amount) => onChange({ cost: { ...cost, amount } })}
          />
          <Line label="Cost: id" value={cost.id} onChange={(id) => onChange({ cost: { ...cost, id } })} />
          <Line label="Tag: type" value={tag.name} onChange={(name) => onChange({ tag: { ...tag, name } })} />
          <Line
            label="Tag: value"
            value={tag.value}
            onChange={(value) => onChange({ tag: { ...tag, value } })}
          />
        </div>
      )}
    </>
  );
}

import { useId } from 'react';

/** A choice of texts with its label. */
export function Choice({
  label,
  value,
  options,
  any,
  onChange,
}: {
  readonly label: string;
  readonly value: string;
  readonly options: readonly string[];
  /** The text of no choice; undefined: one must be chosen. */
  readonly any?: string;
  readonly onChange: (value: string) => void;
}) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select id={id} value={value} onChange={({ target }) => onChange(target.value)}>
        {any !== undefined && <option value="">{any}</option>}
        {value !== '' && !options.includes(value) && <option>{value}</option>}
        {options.map((option) => (
          <option key={option}>{option}</option>
        ))}
      </select>
    </div>
  );
}

/** A line of text with its label. */
export function Line({
  label,
  value,
  onChange,
  type = 'text',
  list,
  placeholder,
  required,
  autoFocus,
}: {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly type?: string;
  readonly list?: string;
  readonly placeholder?: string;
  readonly required?: boolean;
  readonly autoFocus?: boolean;
}) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type={type}
        value={value}
        list={list}
        placeholder={placeholder}
        required={required}
        // biome-ignore lint/a11y/noAutofocus: only the one field of a dialog or of the login page
        autoFocus={autoFocus}
        autoComplete="off"
        step="any"
        onChange={({ target }) => onChange(target.value)}
      />
    </div>
  );
}

import { useEffect, useId, useState } from 'react';

const WAIT = 250;

/** A text to filter by. `/` moves the cursor here. Typing changes the filter after a moment. */
export function SearchBox({
  label,
  value,
  onChange,
  placeholder,
}: {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly placeholder?: string;
}) {
  const [typed, setTyped] = useState(value);
  const id = useId();
  useEffect(() => setTyped(value), [value]);
  useEffect(() => {
    if (typed === value) return;
    const timer = setTimeout(() => onChange(typed), WAIT);
    return () => clearTimeout(timer);
  });
  return (
    <label className="field grow" htmlFor={id}>
      <span>{label}</span>
      <input
        id={id}
        type="search"
        data-search=""
        value={typed}
        placeholder={placeholder}
        onChange={({ target }) => setTyped(target.value)}
      />
    </label>
  );
}

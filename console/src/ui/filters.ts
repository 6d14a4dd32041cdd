import { useSearchParams } from 'wouter';

/** Filters of a page, kept in its address. */
export interface Filters {
  get(name: string): string;
  all(name: string): readonly string[];
  /** Sets a filter; an empty value removes it. */
  set(name: string, value: string | readonly string[]): void;
  clear(): void;
  readonly isEmpty: boolean;
}

export function useFilters(): Filters {
  const [params, change] = useSearchParams();
  return {
    get: (name) => params.get(name) ?? '',
    all: (name) => params.getAll(name),
    set(name, value) {
      change(
        (before) => {
          const after = new URLSearchParams(before);
          after.delete(name);
          for (const one of typeof value === 'string' ? [value] : value) {
            if (one !== '') after.append(name, one);
          }
          return after;
        },
        { replace: true },
      );
    },
    clear: () => change(() => new URLSearchParams(), { replace: true }),
    isEmpty: params.size === 0,
  };
}

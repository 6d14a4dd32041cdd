/** How existing definitions are treated; see `ApplyOptions`. */
export interface ApplyMode {
  readonly mode: 'make' | 'add';
  readonly exact?: boolean;
}

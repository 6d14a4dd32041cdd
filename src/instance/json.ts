import { type JSONVisitor, type ParseErrorCode, printParseErrorCode, visit } from 'jsonc-parser';
import { inside, type Mistake, type Place } from './mistakes.ts';
import { describeSyntaxError, type ErrorContext, lossOf } from './syntax-errors.ts';

/** Deeper than any instance file, and far from a stack overflow of the recursive parser. */
const DEEPEST = 64;

/** The parts of a path. */
export type PathParts = readonly string[];

export interface ParsedJson {
  /** Undefined if the structure of the text is uncertain. */
  readonly value: unknown;
  /** Syntax errors and duplicate names. */
  readonly mistakes: readonly Mistake[];
  /** Paths of values that syntax errors made unreadable. */
  readonly lost: readonly PathParts[];
}

/**
 * Parses JSON (RFC 8259). Reports duplicate names, of which the last counts, and all syntax errors up to the first one
 * that leaves the structure uncertain.
 */
export function parseJson(text: string): ParsedJson {
  const reader = new JsonReader(text);
  const value = reader.read();
  return { value, mistakes: reader.mistakes, lost: reader.lost };
}

/** Returns the places of the values at these paths: of a property, that of its name. */
export function placesIn(text: string, paths: ReadonlySet<string>): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>();
  new JsonReader(text, (path, place) => {
    if (paths.has(path)) places.set(path, place);
  }).read();
  return places;
}

/** An object or list that is being read. */
interface Open {
  readonly value: unknown[] | Record<string, unknown>;
  readonly path: string;
  /** The last part of the path. */
  readonly part: string;
  /** The name whose value comes next. */
  name: string | undefined;
}

/** Ends a parse after an error beyond which nothing can be trusted. */
const stop = new Error('the structure of the text is uncertain');

/** Builds the value of a text from what jsonc-parser finds in it. */
class JsonReader implements JSONVisitor {
  readonly mistakes: Mistake[] = [];
  readonly lost: PathParts[] = [];
  private readonly text: string;
  private readonly onValue: ((path: string, place: Place) => void) | undefined;
  private readonly open: Open[] = [];
  private root: unknown;
  private isAfterColon = false;
  /** Until the next token is understood, errors are consequences of the last one. */
  private isRecovering = false;

  /** `onValue` is called with every value, in the order of the text. */
  constructor(text: string, onValue?: (path: string, place: Place) => void) {
    this.text = text.startsWith('\uFEFF') ? text.slice(1) : text;
    this.onValue = onValue;
  }

  read(): unknown {
    try {
      visit(this.text, this, { disallowComments: true });
      return this.root;
    } catch (error) {
      if (error !== stop) throw error;
      return undefined;
    }
  }

  onLiteralValue = (value: unknown, _offset: number, _length: number, line: number, character: number) => {
    this.put(value, line, character);
  };

  onObjectBegin = (_offset: number, _length: number, line: number, character: number) =>
    this.begin({}, line, character);

  onArrayBegin = (_offset: number, _length: number, line: number, character: number) =>
    this.begin([], line, character);

  onObjectEnd = () => {
    this.isRecovering = false;
    this.open.pop();
  };

  onArrayEnd = this.onObjectEnd;

  onSeparator = (separator: string) => {
    this.isRecovering = false;
    this.isAfterColon = separator === ':';
  };

  onObjectProperty = (name: string, _offset: number, _length: number, line: number, character: number) => {
    this.isRecovering = false;
    const around = this.open.at(-1) as Open;
    around.name = name;
    if (Object.hasOwn(around.value, name)) {
      const path = inside(around.path, name);
      this.mistakes.push({ path, message: 'duplicate name', place: placeOf(line, character) });
    }
    this.onValue?.(inside(around.path, name), placeOf(line, character));
  };

  onError = (code: ParseErrorCode, offset: number, length: number, line: number, character: number) => {
    const around = this.open.at(-1);
    const context: ErrorContext = {
      open: around === undefined ? 'none' : Array.isArray(around.value) ? 'array' : 'object',
      isAfterColon: this.isAfterColon,
      rest: this.text.slice(offset),
      token: this.text.slice(offset, offset + length),
    };
    const name = printParseErrorCode(code);
    if (!this.isRecovering) {
      const message = describeSyntaxError(name, context);
      this.mistakes.push({ path: '', message, place: placeOf(line, character) });
    }
    this.isRecovering = true;
    const loss = lossOf(name, context);
    if (loss === 'structure') throw stop;
    if (loss === 'nothing') return;
    const parts = this.open.slice(1).map(({ part }) => part);
    this.lost.push(around?.name === undefined ? parts : [...parts, around.name]);
  };

  private begin(value: Open['value'], line: number, character: number): void {
    const part = this.put(value, line, character);
    if (this.open.length >= DEEPEST) {
      const message = `nested deeper than ${DEEPEST}`;
      this.mistakes.push({ path: '', message, place: placeOf(line, character) });
      throw stop;
    }
    const around = this.open.at(-1);
    const path = around === undefined || part === undefined ? '' : inside(around.path, part);
    this.open.push({ value, path, part: String(part), name: undefined });
  }

  /** Adds a value to the one around it. Returns its part of the path; undefined for the outermost value. */
  private put(value: unknown, line: number, character: number): string | number | undefined {
    this.isRecovering = false;
    this.isAfterColon = false;
    const around = this.open.at(-1);
    if (around === undefined) {
      this.root = value;
      this.onValue?.('', placeOf(line, character));
      return undefined;
    }
    if (Array.isArray(around.value)) {
      const index = around.value.push(value) - 1;
      this.onValue?.(inside(around.path, index), placeOf(line, character));
      return index;
    }
    const name = around.name ?? '';
    around.name = undefined;
    // Assigning to `__proto__` would set the prototype.
    if (name === '__proto__') Object.defineProperty(around.value, name, { ...ordinary, value });
    else around.value[name] = value;
    return name;
  }
}

const ordinary = { writable: true, enumerable: true, configurable: true };

const placeOf = (line: number, character: number): Place => ({ line: line + 1, column: character + 1 });

/** Receives decoded text. */
export interface TextSink {
  text(text: string): void;
  /** Refuses the document; the error names the place behind the text received so far. */
  invalid(what: string): never;
}

/** Decodes bytes, in pieces cut anywhere, into text. Both methods throw `SoapFault` 20012. */
export interface TextDecoding {
  write(bytes: Uint8Array): void;
  end(): void;
}

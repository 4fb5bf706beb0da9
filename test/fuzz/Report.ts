/** What a run is told, and what it tells. */
export interface FuzzOptions {
  readonly operations: number;
  readonly seed: number;
  /** Server threads. */
  readonly threads: number;
  /** Cases under way at once. */
  readonly lanes: number;
  /** Where a file is left for each fault. */
  readonly folder: string;
  readonly onProgress?: (progress: Progress) => void;
  /** A fault of a new kind, and the file with the case as it was sent. */
  readonly onFault?: (fault: string, file: string) => void;
  /** Ends the run early; what it has found until then is reported. */
  readonly signal?: AbortSignal;
}

export interface Progress {
  readonly operations: number;
  readonly seconds: number;
  readonly memory: number;
  readonly faults: number;
}

/** A promise that was broken, and by what. */
export interface Fault {
  readonly fault: string;
  /** How often. */
  times: number;
  /** Files with a case each that shows it, made as small as it could be. */
  readonly files: string[];
}

export interface Report {
  readonly operations: number;
  readonly seconds: number;
  /** Operations by way, status and code: `HTTP 200 BAD_USER_INPUT`; `HTTP+KEY` with the limited key. */
  readonly answers: ReadonlyMap<string, number>;
  readonly faults: readonly Fault[];
  readonly crashes: number;
  /** Cases with the limited key that were sent again about what there is not, and so often the server was looked at for what they wrote. */
  readonly limited: { readonly compared: number; readonly rounds: number };
  /** The cases that took longest, each in a file. */
  readonly slowest: readonly { readonly ms: number; readonly file: string }[];
  /** Bytes that the server's process held when it had warmed up, half-way (0 where it has not come so far), at most, and at rest at the end. */
  readonly memory: {
    readonly start: number;
    readonly middle: number;
    readonly peak: number;
    readonly end: number;
  };
}

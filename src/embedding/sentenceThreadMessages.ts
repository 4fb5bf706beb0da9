import type { ErrorRecord } from '../errors.ts';

/** What a model thread is started with. */
export interface SentenceThreadData {
  /** Absolute path of the model's folder. */
  readonly path: string;
  /** Threads of ONNX Runtime's own. */
  readonly threads: number;
  /** Where else than beside Alcove the package may be; empty: nowhere. */
  readonly transformersFolder: string;
}

/** To the model thread. */
export type SentenceOrder =
  | { readonly kind: 'EMBED'; readonly id: number; readonly texts: readonly string[] }
  | { readonly kind: 'GIVE_UP'; readonly id: number };

/** From the model thread. An `id` of null is about the model itself. */
export type SentenceAnswer =
  | { readonly kind: 'READY'; readonly dimension: number; readonly maxTokens: number | null }
  | {
      readonly kind: 'EMBEDDED';
      readonly id: number;
      /** `n × dimension` float32. */
      readonly vectors: ArrayBuffer;
      readonly truncated: readonly number[];
      readonly tokens: readonly number[];
    }
  | { readonly kind: 'FAILED'; readonly id: number | null; readonly error: ErrorRecord };

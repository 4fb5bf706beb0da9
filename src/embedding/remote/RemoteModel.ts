import type { EmbeddingProvider } from '../../library/types.ts';
import type { EmbeddingMode } from '../Embedder.ts';
import type { Endpoint } from './Endpoint.ts';
import type { TokenFit } from './tokenFit.ts';

/** What one request asks for. */
export interface ModelRequest {
  readonly mode: EmbeddingMode;
  /** Numbers in a vector, where others are wanted than the model makes by itself. */
  readonly dimension?: number;
  /** Whether the provider may cut what is too long; otherwise it is to refuse it. */
  readonly mayCut: boolean;
  readonly signal: AbortSignal;
}

/** A model that is reached over the network: one request to it, in its provider's words. */
export interface RemoteModel {
  readonly provider: EmbeddingProvider;
  readonly model: string;
  readonly endpoint: Endpoint;
  /** The variable that holds the key, for the error that says it is refused. */
  readonly keyVariable: string;
  /** Texts and estimated tokens that one request may have. */
  readonly maxTexts: number;
  readonly maxTokens: number;
  /** Whether the provider refuses what is too long unless it is told that it may cut. */
  readonly cutsOnDemand: boolean;

  /** What fits texts into what the model reads before they are sent; undefined where the provider refuses what is too long. */
  tokenFit(signal: AbortSignal): Promise<TokenFit | undefined>;

  /** The vectors of `texts` (at most {@link maxTexts}) as they came, unchecked. Throws as the AI SDK does. */
  request(texts: readonly string[], request: ModelRequest): Promise<readonly (readonly number[])[]>;
}

import { AlcoveError } from '../errors.ts';
import type { EmbeddingContract } from '../library/types.ts';
import { BUILTIN_DIMENSION, BUILTIN_MODEL, BuiltinEmbedder } from './BuiltinEmbedder.ts';
import type { Embedder } from './Embedder.ts';

/**
 * The embedder that makes a library's vectors; a contract that names no dimension yet gets the model's own.
 * @throws AlcoveError InvalidArgumentError when the contract has no embedder of ours (provider EXTERNAL), or names a
 * model or dimension that the provider does not have.
 */
export function embedderFor(contract: EmbeddingContract): Embedder {
  switch (contract.provider) {
    case 'BUILTIN':
      return builtinEmbedder(contract);
    case 'EXTERNAL':
      throw new AlcoveError(
        'InvalidArgumentError',
        "Text cannot be embedded here: this library's vectors come from its callers (provider EXTERNAL). " +
          'Pass a vector, or create the library with provider BUILTIN.',
        { detail: { got: 'text', expected: 'vector' } },
      );
  }
}

function builtinEmbedder({ model, dimension }: EmbeddingContract): Embedder {
  if (model !== BUILTIN_MODEL) {
    throw new AlcoveError(
      'InvalidArgumentError',
      `The provider BUILTIN has no model ${JSON.stringify(model)}: its model is ${BUILTIN_MODEL}.`,
      { path: ['model'], detail: { got: model, expected: BUILTIN_MODEL } },
    );
  }
  return new BuiltinEmbedder(dimension ?? BUILTIN_DIMENSION);
}

import type { CodegenConfig } from '@graphql-codegen/cli';

/** Typed documents for src/client, from schema.graphql and the operations beside it. `npm run generate` runs this. */
const config: CodegenConfig = {
  schema: 'schema.graphql',
  documents: 'src/client/operations/*.graphql',
  emitLegacyCommonJSImports: false,
  generates: {
    'src/client/generated/operations.ts': {
      plugins: ['typescript-operations', 'typed-document-node'],
      config: {
        documentMode: 'string',
        immutableTypes: true,
        importExtension: '.ts',
        strictScalars: true,
        useTypeImports: true,
        scalars: {
          ID: 'string',
          DateTime: 'string',
          JSON: 'Readonly<Record<string, unknown>>',
          Revision: 'string',
          Upload: 'File',
          Vector: {
            input: 'readonly number[] | Float32Array | string',
            output: 'readonly number[] | string',
          },
        },
      },
    },
  },
};

export default config;

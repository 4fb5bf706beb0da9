import { GraphQLError } from 'graphql';
import { SpooledFile } from '../store/Spool.ts';
import { builder } from './builder.ts';

builder.scalarType('Upload', {
  description: `A file of a multipart request (https://github.com/jaydenseric/graphql-multipart-request-spec): \`null\` in the variables, and
its place named in the request's \`map\`. The file's name is data and may look like a path, such as \`"handbook/chapter-1.md"\`; nothing is read or
written there.

Example: \`curl -H 'x-alcove-csrf: 1' -F operations='{"query":"…","variables":{"files":[null]}}' -F map='{"0":["variables.files.0"]}' -F 0=@chapter-1.md\``,
  parseValue: (value) => {
    if (value instanceof SpooledFile) return value;
    throw new GraphQLError(
      'expected a file of a multipart request; its place must be named in the request\'s "map"',
    );
  },
  serialize: () => {
    throw new GraphQLError('files are not answered');
  },
});

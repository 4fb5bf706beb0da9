import { MAX_IMPORT_FILES } from '../jobs/applyImport.ts';
import { invalidArgument } from '../library/checks.ts';
import type { LibraryReader } from '../library/LibraryReader.ts';
import { namedDocumentId } from '../library/namedDocumentId.ts';
import { sourceHashOf, sourceUrlBelow } from '../library/sourceFile.ts';
import type { Library as LibraryShape } from '../library/types.ts';
import { builder } from './builder.ts';
import { Library } from './library.ts';

const MANY = MAX_IMPORT_FILES.toLocaleString('en');

const FileDigestInput = builder.inputType('FileDigestInput', {
  description:
    'A file, by its name and what is in it. Example: `{ name: "manuals/handbook.pdf", sha256: $sha256 }`',
  fields: (t) => ({
    name: t.string({
      required: true,
      description: 'What it is called where it is uploaded. Example: `"manuals/handbook.pdf"`',
    }),
    sha256: t.string({
      required: true,
      description:
        'The SHA-256 of its bytes, in hexadecimal. Example: `"2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"`',
    }),
    contentType: t.string({
      description: 'The content type that its upload says, if it says one. Example: `"application/pdf"`',
    }),
  }),
});

interface Asked {
  readonly files: readonly (typeof FileDigestInput.$inferInput)[];
  readonly sourceBase?: string | null | undefined;
}

/** Whatever `importFiles` would find unchanged, by the same hash. */
function unchangedOf(
  { id, chunking }: LibraryShape,
  { files, sourceBase }: Asked,
  reader: LibraryReader,
): string[] {
  if (files.length > MAX_IMPORT_FILES)
    throw invalidArgument('the number of files', files.length, `at most ${MAX_IMPORT_FILES}`, ['files']);
  const documents = reader.documentsOf(files.map(({ name }) => namedDocumentId(id, name)));
  return files.flatMap(({ name, sha256, contentType = null }) => {
    const document = documents.get(namedDocumentId(id, name));
    if (document?.state !== 'READY') return [];
    const sourceHash = sourceHashOf({ name, contentType, hash: sha256.toLowerCase() }, chunking);
    const sourceUrl = sourceUrlBelow(sourceBase ?? null, name) ?? document.sourceUrl;
    return document.sourceHash === sourceHash && document.sourceUrl === sourceUrl ? [name] : [];
  });
}

builder.objectField(Library, 'unchangedFiles', (t) =>
  t.stringList({
    description:
      'The names of those files that `importFiles` would find unchanged: they need not be uploaded. Metadata is not compared. Example: `["manuals/handbook.pdf"]`',
    args: {
      files: t.arg({
        type: [FileDigestInput],
        required: true,
        description: `Up to ${MANY}. Example: \`[{ name: "manuals/handbook.pdf", sha256: $sha256 }]\``,
      }),
      sourceBase: t.arg.string({
        description: 'As in `importFiles`. Example: `"https://example.com/manuals/"`',
      }),
    },
    resolve: (library, asked, { reader }) => unchangedOf(library, asked, reader),
  }),
);

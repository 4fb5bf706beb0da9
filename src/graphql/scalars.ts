import { GraphQLError } from 'graphql';
import { formatDateTime, parseDateTime } from '../library/dateTime.ts';
import { builder } from './builder.ts';
import { formatRevision, parseRevision } from './revision.ts';

builder.scalarType('DateTime', {
  description: `A moment, as RFC 3339 text with an offset. Answered in UTC with milliseconds.

Example: \`"2026-01-31T08:30:00.000Z"\`; \`"2026-01-31T09:30:00+01:00"\` is the same moment.`,
  parseValue: (value) => {
    const ms = typeof value === 'string' ? parseDateTime(value) : undefined;
    if (ms === undefined)
      throw refused(value, 'an RFC 3339 date-time with an offset, such as "2026-01-31T08:30:00Z"');
    return ms;
  },
  serialize: formatDateTime,
});

builder.scalarType('Revision', {
  description: `A point in the order of all changes: what a write returned, and what a read can wait for with \`minRevision\`. Opaque; of two
revisions the later one is also the greater text.

Example: \`"0000000000000042"\``,
  parseValue: (value) => {
    const revision = typeof value === 'string' ? parseRevision(value) : undefined;
    if (revision === undefined)
      throw refused(value, 'a revision as some answer gave it, such as "0000000000000042"');
    return revision;
  },
  serialize: formatRevision,
});

builder.scalarType('JSON', {
  description: `A map of metadata: names of declared fields to values. A value is a string, a number, a boolean or a list of strings, as the
field's type says; a date-time is RFC 3339 text. What is read can be written back as it is.

Example: \`{ "year": 2026, "tags": ["search", "vectors"], "published": "2026-01-31T08:30:00.000Z" }\``,
  parseValue: (value) => value,
  serialize: (value) => value,
});

function refused(value: unknown, expected: string): GraphQLError {
  return new GraphQLError(`got ${JSON.stringify(value)}, expected ${expected}`);
}

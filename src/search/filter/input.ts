/**
 * The filter as it comes in, key by key as in the API's input types. Date-times arrive as milliseconds since the
 * epoch. {@link parseChunkFilter} turns it into a Predicate, checked against the library's declared fields.
 */
export interface ChunkFilterInput {
  readonly and?: readonly ChunkFilterInput[] | null;
  readonly or?: readonly ChunkFilterInput[] | null;
  readonly not?: ChunkFilterInput | null;
  readonly id?: IdFilterInput | null;
  readonly document?: DocumentFilterInput | null;
  readonly text?: StringFilterInput | null;
  readonly position?: NumberFilterInput | null;
  readonly page?: NumberFilterInput | null;
  readonly headings?: ListFilterInput | null;
  readonly createdAt?: DateTimeFilterInput | null;
  readonly updatedAt?: DateTimeFilterInput | null;
  readonly metadata?: readonly MetadataFilterInput[] | null;
}

export interface DocumentFilterInput {
  readonly and?: readonly DocumentFilterInput[] | null;
  readonly or?: readonly DocumentFilterInput[] | null;
  readonly not?: DocumentFilterInput | null;
  readonly id?: IdFilterInput | null;
  readonly title?: StringFilterInput | null;
  readonly author?: StringFilterInput | null;
  readonly sourceUrl?: StringFilterInput | null;
  readonly contentType?: StringFilterInput | null;
  readonly createdAt?: DateTimeFilterInput | null;
  readonly updatedAt?: DateTimeFilterInput | null;
  readonly metadata?: readonly MetadataFilterInput[] | null;
}

/** Exactly one key is given (`@oneOf`). */
export interface IdFilterInput {
  readonly eq?: string | null;
  readonly in?: readonly string[] | null;
}

/** Exactly one key is given (`@oneOf`). */
export interface StringFilterInput {
  readonly eq?: string | null;
  readonly ne?: string | null;
  readonly in?: readonly string[] | null;
  readonly contains?: string | null;
  readonly startsWith?: string | null;
  readonly endsWith?: string | null;
}

/** All keys that are given must hold. */
export interface NumberFilterInput {
  readonly eq?: number | null;
  readonly ne?: number | null;
  readonly in?: readonly number[] | null;
  readonly gt?: number | null;
  readonly gte?: number | null;
  readonly lt?: number | null;
  readonly lte?: number | null;
}

/** All keys that are given must hold. */
export interface DateTimeFilterInput {
  readonly eq?: number | null;
  readonly gt?: number | null;
  readonly gte?: number | null;
  readonly lt?: number | null;
  readonly lte?: number | null;
}

/** Exactly one key is given (`@oneOf`). */
export interface ListFilterInput {
  readonly containsAny?: readonly string[] | null;
  readonly containsAll?: readonly string[] | null;
}

export interface MetadataFilterInput {
  readonly field: string;
  readonly is: MetadataPredicateInput;
}

/** Exactly one key is given (`@oneOf`). */
export interface MetadataPredicateInput {
  readonly string?: StringFilterInput | null;
  readonly number?: NumberFilterInput | null;
  readonly boolean?: boolean | null;
  readonly dateTime?: DateTimeFilterInput | null;
  readonly list?: ListFilterInput | null;
  readonly exists?: boolean | null;
}

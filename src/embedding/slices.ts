/** A long text is counted in slices of about this many code units, each well under a millisecond. */
const SLICE_CHARACTERS = 4_096;
/** A word or run of characters that goes on for longer than this past a slice's end is cut there. */
const MAX_SLICE_OVERRUN = 256;

const SPACE = 0x20;

/** The first `limit` code units of a text in pieces, cut at white space where there is some near. */
export function* slices(text: string, limit: number): Generator<string> {
  const end = Math.min(text.length, limit);
  for (let start = 0; start < end; ) {
    const earliest = Math.min(start + SLICE_CHARACTERS, end);
    const latest = Math.min(earliest + MAX_SLICE_OVERRUN, end);
    let stop = earliest;
    while (stop < latest && text.charCodeAt(stop) > SPACE) stop++;
    yield text.slice(start, stop);
    start = stop;
  }
}

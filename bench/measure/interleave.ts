import { type Measured, measured } from './statistics.ts';

/** Something that is timed. */
export interface Contender {
  readonly name: string;
  /** Runs it `times` times in a row each round. */
  readonly times: number;
  run(round: number): unknown;
}

/** Milliseconds of one run of each, by name: all take turns, round after round; the first round is not counted. */
export async function interleave(
  contenders: readonly Contender[],
  rounds: number,
): Promise<Map<string, Measured>> {
  const times = new Map(contenders.map(({ name }) => [name, [] as number[]]));
  for (let round = 0; round <= rounds; round++) {
    for (const { name, times: repetitions, run } of contenders) {
      const began = performance.now();
      for (let i = 0; i < repetitions; i++) {
        const done = run(round * repetitions + i);
        if (done instanceof Promise) await done;
      }
      if (round > 0) times.get(name)?.push((performance.now() - began) / repetitions);
    }
  }
  return new Map([...times].map(([name, values]) => [name, measured(values)]));
}

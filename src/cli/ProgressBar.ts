import type { WriteStream } from 'node:tty';

const BAR_WIDTH = 28;
/** Where the output is not a terminal, a line is printed for every so many percent. */
const STEP_PERCENT = 10;

/** One line of progress: a bar that is redrawn on a terminal, and plain lines anywhere else. */
export class ProgressBar {
  readonly #stream: NodeJS.WritableStream & Partial<Pick<WriteStream, 'isTTY' | 'columns'>>;
  #label = '';
  #lastStep = -1;
  #drawn = false;

  constructor(stream: NodeJS.WritableStream = process.stderr) {
    this.#stream = stream;
  }

  /** Shows `done` of `total` under a label; `note` follows the figures. */
  update(label: string, done: number, total: number, note = ''): void {
    const part = total > 0 ? Math.min(1, done / total) : 1;
    const percent = Math.floor(part * 100);
    if (this.#stream.isTTY) {
      const filled = Math.round(part * BAR_WIDTH);
      const bar = '█'.repeat(filled) + '░'.repeat(BAR_WIDTH - filled);
      const line = `${label.padEnd(12)} ${bar} ${String(percent).padStart(3)} %  ${done}/${total}  ${note}`;
      this.#stream.write(`\r\x1b[2K${line.slice(0, (this.#stream.columns ?? 100) - 1)}`);
      this.#drawn = true;
      return;
    }
    const step = Math.floor(percent / STEP_PERCENT);
    if (label === this.#label && step === this.#lastStep) return;
    this.#label = label;
    this.#lastStep = step;
    this.#stream.write(`${label} ${percent} % (${done}/${total}) ${note}\n`);
  }

  /** A line above the bar. */
  print(line: string): void {
    this.#stream.write(this.#drawn ? `\r\x1b[2K${line}\n` : `${line}\n`);
    this.#drawn = false;
  }

  /** Leaves the last state standing and goes to the next line. */
  end(): void {
    if (this.#drawn) this.#stream.write('\n');
    this.#drawn = false;
  }
}

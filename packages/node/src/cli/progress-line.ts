import { harmless } from "./output.ts";

const FRAMES = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏";
const TICK_MS = 100;
/** A line that wraps could not be taken back. */
const COLUMNS_MIN = 20;

/** One line on a terminal that says what runs, and goes when something else is to be said. */
export class ProgressLine {
  readonly #terminal: NodeJS.WriteStream;
  #timer: NodeJS.Timeout | undefined;
  #text = "";
  #frame = 0;

  constructor(terminal: NodeJS.WriteStream = process.stderr) {
    this.#terminal = terminal;
  }

  show(text: string): void {
    if (!this.#terminal.isTTY) return;
    this.#text = harmless(text).replaceAll("\n", " ");
    this.#draw();
    this.#timer ??= setInterval(() => this.#draw(), TICK_MS).unref();
  }

  clear(): void {
    if (this.#timer === undefined) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#terminal.write("\r\u001b[K");
  }

  #draw(): void {
    this.#frame = (this.#frame + 1) % FRAMES.length;
    const room = Math.max(COLUMNS_MIN, this.#terminal.columns ?? 0) - 3;
    this.#terminal.write(`\r\u001b[K${FRAMES[this.#frame]} ${this.#text.slice(0, room)}`);
  }
}

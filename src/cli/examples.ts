/** Command lines to try, each with what it does. */
export function examples(...lines: readonly (readonly [command: string, about: string])[]): string {
  const width = Math.max(...lines.map(([command]) => command.length));
  const texts = lines.map(([command, about]) => `  $ ${`${command.padEnd(width)}  ${about}`.trimEnd()}\n`);
  return `\nExamples:\n${texts.join('')}`;
}

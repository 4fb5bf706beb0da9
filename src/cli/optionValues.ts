import { InvalidArgumentError, Option } from 'commander';

/** Where a server listens unless it is told otherwise. */
const DEFAULT_URL = 'http://127.0.0.1:4400';

/** @throws InvalidArgumentError (commander's), which names the option and what it held. */
export function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('Expected a whole number.');
  return Number(text);
}

/** A number from 0 to 1. @throws InvalidArgumentError */
export function share(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value <= 1)) {
    throw new InvalidArgumentError('Expected a number from 0 to 1.');
  }
  return value;
}

/** The address of a server; the default one for an empty text, as variables have it. @throws InvalidArgumentError */
export function serverUrl(text = ''): string {
  return text === '' ? DEFAULT_URL : httpUrl(text);
}

/** An address. @throws InvalidArgumentError */
export function httpUrl(text: string): string {
  if (!/^https?:\/\//.test(text) || !URL.canParse(text)) {
    throw new InvalidArgumentError(`Expected an address such as ${DEFAULT_URL}.`);
  }
  return text;
}

/** Which server a command talks to. */
export function urlOption(): Option {
  return new Option('--url <url>', 'address of the server')
    .env('ALCOVE_URL')
    .argParser(serverUrl)
    .default(serverUrl());
}

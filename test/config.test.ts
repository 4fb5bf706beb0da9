import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { configurationPage } from '../src/cli/configurationPage.ts';
import { addFlags, environmentWith, FLAGS } from '../src/cli/flags.ts';
import { CONFIG_SCHEMA, ConfigError, isLoopback, parseConfig } from '../src/config.ts';

describe('the configuration', () => {
  it('binds loopback, keeps its data beside you and loads nothing, unless told otherwise', () => {
    const config = parseConfig({});
    expect(config).toMatchObject({ host: '127.0.0.1', port: 4400, sample: false, graphiql: true });
    expect(config.dataPath).toBe(resolve('.alcove'));
  });

  it('takes every variable from the environment', () => {
    const config = parseConfig({
      ALCOVE_HOST: '::1',
      ALCOVE_PORT: '0',
      ALCOVE_DATA: '/srv/alcove',
      ALCOVE_SAMPLE: 'true',
      ALCOVE_THREADS: '3',
      ALCOVE_ALLOWED_ORIGINS: 'https://a.example, https://b.example',
    });
    expect(config).toMatchObject({ host: '::1', port: 0, dataPath: '/srv/alcove', sample: true, threads: 3 });
    expect(config.allowedOrigins).toEqual(['https://a.example', 'https://b.example']);
  });

  it('takes an empty variable for an absent one', () => {
    expect(parseConfig({ ALCOVE_PORT: '' }).port).toBe(4400);
  });

  it.each([
    ['ALCOVE_PORT', 'http'],
    ['ALCOVE_PORT', '65536'],
    ['ALCOVE_PORT', ' '],
    ['ALCOVE_PORT', '0x10'],
    ['ALCOVE_PORT', '1e3'],
    ['ALCOVE_THREADS', '0'],
    ['ALCOVE_THREADS', '1.5'],
    ['ALCOVE_SAMPLE', 'perhaps'],
    ['ALCOVE_LOG', 'loud'],
    ['ALCOVE_ALLOWED_ORIGINS', 'https://app.example/'],
    ['ALCOVE_ALLOWED_ORIGINS', 'app.example'],
    ['ALCOVE_ALLOWED_ORIGINS', '*'],
  ])('refuses %s=%s and says which variable and what it held', (name, value) => {
    const attempt = () => parseConfig({ [name]: value });
    expect(attempt).toThrow(ConfigError);
    expect(attempt).toThrow(`${name}="${value}"`);
  });

  it.each([
    ['ALCOVE_OPENAI_API_KEY', 'a key with spaces'],
    ['ALCOVE_COHERE_API_KEY', 'key\nkey'],
    ['ALCOVE_OPENAI_BASE_URL', 'ftp://ann:sesame@example.com'],
    ['ALCOVE_OLLAMA_BASE_URL', 'sesame'],
  ])('refuses a bad %s without saying what it held', (name, value) => {
    const attempt = () => parseConfig({ [name]: value });
    expect(attempt).toThrow(`${name}=…: expected`);
    expect(attempt).not.toThrow(value);
  });

  it('has no flag for what can hold a secret', () => {
    const secret = FLAGS.filter(({ isSecret }) => isSecret).map(({ variable }) => variable);
    expect(secret).toEqual(
      Object.keys(CONFIG_SCHEMA.shape).filter((name) => /_API_KEY$|_ADMIN_KEY$|_BASE_URL$|_OTLP_/.test(name)),
    );
    expect(secret).toContain('ALCOVE_OPENAI_API_KEY');
    const help = addFlags(new Command()).helpInformation();
    expect(help).toContain('--openai-max-tokens');
    expect(help).not.toMatch(/--\S*(api-key|base-url)/);
    expect(environmentWith({ openaiApiKey: 'sesame' }).ALCOVE_OPENAI_API_KEY).not.toBe('sesame');
  });

  it('says which numbers a variable takes', () => {
    const attempt = () => parseConfig({ ALCOVE_PORT: 'http' });
    expect(attempt).toThrow('ALCOVE_PORT="http": expected a whole number from 0 to 65535');
  });

  it('names every bad variable at once', () => {
    expect(() => parseConfig({ ALCOVE_PORT: '-1', ALCOVE_LOG: 'x' })).toThrow(/ALCOVE_PORT.*ALCOVE_LOG/);
  });

  it('knows which hosts only this machine can reach', () => {
    expect(['127.0.0.1', '127.0.0.2', '::1', 'localhost'].every(isLoopback)).toBe(true);
    expect(['0.0.0.0', '::', '192.168.1.5', '127.example'].some(isLoopback)).toBe(false);
  });

  it('is described in docs/configuration.md as it is (npm run generate prints that page)', () => {
    expect(readFileSync('docs/configuration.md', 'utf8')).toBe(configurationPage());
  });
});

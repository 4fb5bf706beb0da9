import type { Config } from '../config.ts';

/** What must not be said to anybody: keys, and what URLs hold of users and passwords. */
export function secretsOf({ auth, embedding: { cohere, openai, ollama }, tracing }: Config): string[] {
  const urls = [cohere.baseUrl, openai.baseUrl, ollama.baseUrl, tracing.endpoint];
  const ofUrls = urls.flatMap((url) => {
    if (url === undefined) return [];
    const { username, password, searchParams } = new URL(url);
    return [username, password, ...searchParams.values()];
  });
  const all: (string | undefined)[] = [
    auth.adminKey,
    cohere.apiKey,
    openai.apiKey,
    ...Object.values(tracing.headers),
    ...ofUrls,
  ];
  return all.filter((secret): secret is string => secret !== undefined && secret !== '');
}

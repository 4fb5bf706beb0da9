import type { Page } from './responses.ts';

/** What is at `/`. */
export const LANDING_PAGE: Page = {
  html: '<!doctype html><title>Alcove</title>',
  policy: "default-src 'none'",
};

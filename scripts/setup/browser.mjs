import { apt, has } from './steps.mjs';

export const BROWSERS = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

/** Chromium, for the browser tests. */
export async function browser() {
  if (!BROWSERS.some(has)) {
    await apt(['chromium', 'fonts-dejavu-core'], 'The browser tests need Chromium, which is missing.');
  }
}

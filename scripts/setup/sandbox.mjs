import { apt, has } from './steps.mjs';

/** bubblewrap: the walls around the steps of pipelines. */
export async function sandbox() {
  if (!has('bwrap')) {
    await apt(['bubblewrap'], 'Steps of pipelines run in a sandbox (bubblewrap), which is missing.', '\nor do without walls between steps and your files: add `--sandbox none`.\n');
  }
}

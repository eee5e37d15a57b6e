declare global {
  interface ImportMeta {
    /** The bundler's way to take in a folder of files; see webpack.config.js. */
    webpackContext(folder: string, options: { recursive: boolean; regExp: RegExp }): { (key: string): string; keys(): string[] };
  }
}

const FOLDER = import.meta.webpackContext('../../../kernels-bridge/python/slipway', { recursive: true, regExp: /^\.\/(hook\/\w+\.py|metric_functions\.json)$/ });

let text: Promise<string> | null = null;

/**
 * Python text that loads the hook into a kernel which sees no file of ours:
 * what `slipway.hook.inline_source()` returns, made from the same template.
 */
export function hookSource(): Promise<string> {
  text ??= build();
  return text;
}

async function build(): Promise<string> {
  const files: Record<string, string> = {};
  for (const key of FOLDER.keys()) {
    files[key.replace('./hook/', 'slipway.hook.').replace('./', '')] = FOLDER(key);
  }
  const template = /'''\n([\s\S]*?)'''/.exec(files['slipway.hook.inline.py'] ?? '')?.[1];
  if (template === undefined) {
    throw new Error('The hook’s loader is missing from the bundle.');
  }
  return template.replace('%r', `'${await pack(JSON.stringify(files))}'`);
}

/** zlib, then base64: what the loader unpacks. */
async function pack(content: string): Promise<string> {
  const packed = new Blob([content]).stream().pipeThrough(new CompressionStream('deflate'));
  const bytes = new Uint8Array(await new Response(packed).arrayBuffer());
  let binary = '';
  for (const byte of bytes) {
    binary += String.fromCharCode(byte);
  }
  return btoa(binary);
}

import { MimeModel } from '@jupyterlab/rendermime';
import { Widget } from '@lumino/widgets';
import * as React from 'react';
import { useSlipway } from './ui';

const MARKDOWN = 'text/markdown';

/** Markdown as JupyterLab's notebooks show it: sanitized, with its typesetter and colours of code. */
export function RichText({ source }: { source: string }): React.JSX.Element {
  const { rendermime } = useSlipway();
  const host = React.useRef<HTMLDivElement>(null);
  React.useLayoutEffect(() => {
    const renderer = rendermime.createRenderer(MARKDOWN);
    Widget.attach(renderer, host.current!);
    void renderer.renderModel(new MimeModel({ data: { [MARKDOWN]: source }, trusted: false }));
    return () => renderer.dispose();
  }, [rendermime, source]);
  return <div className="jp-SlipwayRichText" ref={host} />;
}

/** Source code in the colours of the editor. */
export function Code({ source, language = 'python' }: { source: string; language?: string }): React.JSX.Element {
  return <RichText source={fenced(source, language)} />;
}

/** A fence longer than any run of backticks within. */
export function fenced(source: string, language: string): string {
  const longest = Math.max(2, ...(source.match(/`+/g) ?? []).map(run => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${source}\n${fence}`;
}

import type { Curve } from '@slipway/schema';
import * as React from 'react';
import uPlot from 'uplot';
import { formatDuration, formatNumber } from '../core/format';
import { finite } from './format';
import { smooth } from './smoothing';

export interface CurveLook {
  /** 0 to below 1. */
  smoothing: number;
  isLog: boolean;
  x: 'step' | 'time';
}
export interface NamedCurve {
  curve: Curve;
  name: string;
  /** Which of the theme's series colours. */
  colour: number;
}

const HEIGHT = 220;
/** Least room for a tick in px: `12 min 30 s` is longer than a number. */
const TIME_SPACE = 90;
const STEP_SPACE = 50;
export const COLOURS = 10;

/** The curves of one metric. With smoothing the raw values stay behind, faint. It is called `label`, where given, else by title and last values. */
export function CurvePlot({ title, curves, look, label }: { title: string; curves: NamedCurve[]; look: CurveLook; label?: string }): React.JSX.Element {
  const host = React.useRef<HTMLDivElement>(null);
  const theme = useTheme();
  React.useEffect(() => {
    const node = host.current;
    if (!node) {
      return undefined;
    }
    const plot = new uPlot(plotOptions(node, curves, look), plotData(curves, look), node);
    const observer = new ResizeObserver(() => node.clientWidth > 0 && plot.setSize({ width: node.clientWidth, height: HEIGHT }));
    observer.observe(node);
    return () => {
      observer.disconnect();
      plot.destroy();
    };
  }, [curves, look, theme]);
  const last = curves.map(({ curve, name }) => `${name}: ${String(curve.values[curve.values.length - 1])}`).join(', ');
  return (
    <figure className="jp-SlipwayCurve">
      <figcaption title={title}>{title}</figcaption>
      <div ref={host} role="img" aria-label={label ?? `${title}: ${last}`} />
    </figure>
  );
}

/** Each curve's own points on one axis; a logarithm has no place for what is not above zero. */
function plotData(curves: NamedCurve[], look: CurveLook): uPlot.AlignedData {
  const tables = curves.map(({ curve }): uPlot.AlignedData => {
    const raw = curve.values.map(finite).map(value => (look.isLog && value !== null && value <= 0 ? null : value));
    const xs = look.x === 'step' ? curve.steps : curve.times.map(time => (time - curve.times[0]!) / 1_000);
    const order = xs.map((_, index) => index).sort((a, b) => xs[a]! - xs[b]!);
    const [x, values] = [order.map(at => xs[at]!), order.map(at => raw[at]!)];
    return look.smoothing > 0 ? [x, values, smooth(values, look.smoothing)] : [x, values];
  });
  return tables.length === 1 ? tables[0]! : uPlot.join(tables);
}

function plotOptions(node: HTMLElement, curves: NamedCurve[], look: CurveLook): uPlot.Options {
  const style = getComputedStyle(node);
  const colourOf = (name: string): string => style.getPropertyValue(name).trim();
  const axis: uPlot.Axis = {
    stroke: colourOf('--jp-ui-font-color1'),
    font: `11px ${style.fontFamily}`,
    grid: { stroke: colourOf('--jp-border-color2'), width: 1 },
    ticks: { stroke: colourOf('--jp-border-color2'), width: 1 }
  };
  const series = curves.flatMap(({ name, colour, curve }): uPlot.Series[] => {
    const stroke = colourOf(`--jp-slipway-series-${colour % COLOURS}`);
    const points = { show: curve.values.length < 30, size: 5, fill: stroke };
    const line: uPlot.Series = { label: name, stroke, width: 2, spanGaps: true, points };
    return look.smoothing > 0 ? [{ ...line, width: 1, alpha: 0.3, points: { show: false } }, { ...line, points: { show: false } }] : [line];
  });
  return {
    width: Math.max(200, node.clientWidth),
    height: HEIGHT,
    legend: { show: false },
    cursor: { y: false, points: { size: 6 } },
    scales: { x: { time: false }, y: look.isLog ? { distr: 3, range: (_, min, max) => [(min ?? 1) / 1.1, (max ?? 10) * 1.1] } : { distr: 1 } },
    axes: [
      { ...axis, size: 32, space: look.x === 'time' ? TIME_SPACE : STEP_SPACE, values: (_, splits) => splits.map(value => (look.x === 'time' && value > 0 ? formatDuration(value * 1_000) : formatNumber(value))) },
      { ...axis, size: 62, values: (_, splits) => splits.map(value => (value == null || (look.isLog && !isRound(value)) ? '' : formatNumber(value))) }
    ],
    series: [{}, ...series]
  };
}

/** One digit and zeros: a logarithmic axis begins wherever the values do. */
function isRound(value: number): boolean {
  return Math.abs(Number(value.toPrecision(1)) / value - 1) < 1e-9;
}

/** Changes when JupyterLab's theme does: a canvas has no CSS variables. */
function useTheme(): string {
  const read = (): string => document.body.dataset.jpThemeName ?? '';
  const [theme, setTheme] = React.useState(read);
  React.useEffect(() => {
    const observer = new MutationObserver(() => setTheme(read()));
    observer.observe(document.body, { attributes: true, attributeFilter: ['data-jp-theme-name'] });
    return () => observer.disconnect();
  }, []);
  return theme;
}

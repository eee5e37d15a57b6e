import { Handle, Position, type NodeProps } from '@xyflow/react';
import * as React from 'react';

/** What a card of a graph shows. */
export interface CardData {
  title: string;
  /** Colours the card's edge. */
  state?: string;
  /** Beside the title: a duration, an ordinal. */
  badge?: string;
  lines: { text: string; kind?: 'cell' | 'in' | 'out' | 'note' }[];
  onOpen?: () => void;
}

const WIDTH = 204;
/** A card with a title alone: more of them fit beside each other. */
const NARROW_WIDTH = 172;
const TITLE_HEIGHT = 34;
const LINE_HEIGHT = 20;

export function cardWidth(card: CardData): number {
  return card.lines.length === 0 ? NARROW_WIDTH : WIDTH;
}

/** The layout needs sizes before anything is drawn; the style sheet keeps to these. */
export function cardHeight(card: CardData): number {
  return TITLE_HEIGHT + card.lines.length * LINE_HEIGHT + (card.lines.length > 0 ? 8 : 0);
}

export function GraphCard({ data, selected }: NodeProps): React.JSX.Element {
  const card = data as unknown as CardData & { direction: 'DOWN' | 'RIGHT' };
  const isDown = card.direction === 'DOWN';
  return (
    <div className="jp-SlipwayCard" data-state={card.state} data-selected={selected || undefined} onDoubleClick={card.onOpen}>
      <Handle type="target" position={isDown ? Position.Top : Position.Left} isConnectable={false} />
      <div className="jp-SlipwayCard-title" title={card.title}>
        <span>{card.title}</span>
        {card.badge && <small>{card.badge}</small>}
      </div>
      {card.lines.length > 0 && (
        <ul>
          {card.lines.map((line, index) => (
            <li key={index} data-kind={line.kind} title={line.text}>
              {line.text}
            </li>
          ))}
        </ul>
      )}
      <Handle type="source" position={isDown ? Position.Bottom : Position.Right} isConnectable={false} />
    </div>
  );
}

import { CARD_SECTIONS, type CardLabels, type CardSectionId } from '@slipway/schema';
import { frontMatter } from './front-matter';
import { generatedParts } from './generated';
import type { Known } from './known';
import { plain } from './markdown';
import { SECTION_WORDS } from './sections';

export type SectionTexts = Partial<Record<CardSectionId, string>>;

/** The card without what a person wrote. */
export function renderGenerated(known: Known): string {
  return joined(Object.values(generatedParts(known)));
}

/** The whole card: a person's text goes round what is known; what nobody wrote is left as a question. */
export function renderCard(known: Known, texts: SectionTexts, labels: CardLabels): string {
  const { about, use, evaluation, gates, training, lineage } = generatedParts(known);
  const section = (id: CardSectionId): string => `## ${SECTION_WORDS[id].title}\n\n${texts[id]?.trim() || `*${SECTION_WORDS[id].hint}*`}`;
  const placed = ['summary', 'intendedUse', 'outOfScope'] as const;
  const others = CARD_SECTIONS.filter(id => !(placed as readonly string[]).includes(id));
  const body = [`# ${plain(known.version.name)}`, about, ...placed.map(section), use, evaluation, gates, ...others.map(section), training, lineage];
  return `${frontMatter(known, labels)}\n${joined(body)}`;
}

const joined = (parts: readonly string[]): string => `${parts.filter(part => part !== '').join('\n\n')}\n`;

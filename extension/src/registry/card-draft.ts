import type { CardLabels, CardSectionId, EditModelCard, ModelCard } from '@slipway/schema';

/** A card as one types it: lists are words between commas. */
export interface CardDraft {
  sections: Record<string, string>;
  license: string;
  language: string;
  task: string;
  tags: string;
}

export function cardDraftOf({ sections, labels }: ModelCard): CardDraft {
  return {
    sections: Object.fromEntries(sections.map(section => [section.id, section.text])),
    license: labels.license ?? '',
    language: labels.language.join(', '),
    task: labels.task ?? '',
    tags: labels.tags.join(', ')
  };
}

/** Only what was changed is sent: what somebody else wrote elsewhere in the card stays. */
export function readCardDraft(draft: CardDraft, before: ModelCard, revision: number): EditModelCard {
  const old = cardDraftOf(before);
  const sections: Partial<Record<CardSectionId, string>> = {};
  for (const { id } of before.sections) {
    if (draft.sections[id] !== old.sections[id]) {
      sections[id] = draft.sections[id] ?? '';
    }
  }
  const labels: Partial<CardLabels> = {
    ...(draft.license !== old.license && { license: draft.license.trim() || null }),
    ...(draft.task !== old.task && { task: draft.task.trim() || null }),
    ...(draft.language !== old.language && { language: words(draft.language) }),
    ...(draft.tags !== old.tags && { tags: words(draft.tags) })
  };
  return { revision, sections, labels };
}

function words(text: string): string[] {
  return [...new Set(text.split(',').map(word => word.trim()).filter(word => word !== ''))];
}

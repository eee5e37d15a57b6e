import type { CardSectionId } from '@slipway/schema';

/** What a person is asked for. */
export const SECTION_WORDS: Record<CardSectionId, { title: string; hint: string }> = {
  summary: { title: 'Summary', hint: 'What the model predicts, from what, and for whom, in two sentences.' },
  intendedUse: { title: 'Intended use', hint: 'Decisions it is meant to help with, and who makes them.' },
  outOfScope: { title: 'Out of scope', hint: 'What it must not be used for, though somebody might.' },
  limitations: { title: 'Limitations', hint: 'Where it is known to be wrong: data it never saw, slices it is weak on.' },
  ethics: { title: 'Ethical considerations', hint: 'Who could be harmed by its mistakes, and what was done about it.' },
  contact: { title: 'Contact', hint: 'Who answers for it.' }
};

import { z } from 'zod';
import { Instant } from './common';

/** What only a person can say of a model, in the order it stands in the card. */
export const CARD_SECTIONS = ['summary', 'intendedUse', 'outOfScope', 'limitations', 'ethics', 'contact'] as const;
export const CardSectionId = z.enum(CARD_SECTIONS);
export type CardSectionId = z.infer<typeof CardSectionId>;

export const CardSection = z.object({
  id: CardSectionId,
  title: z.string(),
  hint: z.string().describe('What belongs here; shown where nothing is written yet'),
  text: z.string().describe('Markdown; empty where nothing is written')
});

const Label = z.string().trim().min(1).max(100);
/** What Hugging Face’s front-matter has of a person’s choice. */
export const CardLabels = z.object({
  license: Label.nullable().describe('An identifier of Hugging Face’s list, e.g. `apache-2.0`'),
  language: z.array(Label).max(50),
  tags: z.array(Label).max(50),
  task: Label.nullable().describe('Hugging Face’s `pipeline_tag`, e.g. `tabular-classification`; guessed from the metrics where null')
});
export type CardLabels = z.infer<typeof CardLabels>;

/** The card of one version: a person’s text, and what is known made anew at each reading. */
export const ModelCard = z
  .object({
    model: z.string(),
    version: z.string(),
    sections: z.array(CardSection),
    labels: CardLabels,
    /** Rises with each edit; 0 while nobody wrote. Send it back with an edit. */
    revision: z.int(),
    inheritedFrom: z.string().nullable().describe('The earlier version whose text stands here, until this one’s is edited'),
    updatedBy: z.string().nullable(),
    updatedAt: Instant.nullable(),
    generated: z.string().describe('Markdown of what is known, without the person’s text'),
    markdown: z.string().describe('The whole card with front-matter, as it is exported')
  })
  .meta({ id: 'ModelCard' });
export type ModelCard = z.infer<typeof ModelCard>;

/** What is absent stays as it is. */
export const EditModelCard = z.object({
  revision: z.int().min(0).describe('Of the card that was edited: 409 `card_changed` where somebody wrote since'),
  sections: z.partialRecord(CardSectionId, z.string().max(50_000)).default({}),
  labels: CardLabels.partial().default({})
});
export type EditModelCard = z.output<typeof EditModelCard>;

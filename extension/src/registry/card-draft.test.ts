import type { ModelCard } from '@slipway/schema';
import { cardDraftOf, readCardDraft } from './card-draft';

const card: ModelCard = {
  model: 'fraud',
  version: '2',
  sections: [
    { id: 'summary', title: 'Summary', hint: '', text: 'Finds fraud.' },
    { id: 'limitations', title: 'Limitations', hint: '', text: '' }
  ],
  labels: { license: 'mit', language: ['en', 'de'], tags: [], task: null },
  revision: 3,
  inheritedFrom: null,
  updatedBy: null,
  updatedAt: null,
  generated: '',
  markdown: ''
};

test('only what was changed is sent', () => {
  const draft = cardDraftOf(card);
  expect(readCardDraft(draft, card, 3)).toEqual({ revision: 3, sections: {}, labels: {} });
  draft.sections.limitations = 'Little data.';
  draft.language = 'en, , en';
  draft.license = ' ';
  draft.task = 'tabular-classification';
  expect(readCardDraft(draft, card, 4)).toEqual({ revision: 4, sections: { limitations: 'Little data.' }, labels: { language: ['en'], license: null, task: 'tabular-classification' } });
});

test('a text that was taken away is sent as empty', () => {
  const draft = cardDraftOf(card);
  draft.sections.summary = '';
  expect(readCardDraft(draft, card, 3).sections).toEqual({ summary: '' });
});

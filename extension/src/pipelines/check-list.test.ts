import { optionsWith, withOption } from './check-list';
import { OCCASIONS } from './notifications-editor';

test('ticking one leaves what is chosen beside the options as it is, and it can be taken away', () => {
  expect(withOption(['failed', 'succeeded'], ['failed', 'finding'], 'succeeded', true)).toEqual(['failed', 'succeeded', 'finding']);
  expect(withOption(['failed', 'succeeded'], ['failed', 'finding'], 'failed', false)).toEqual(['finding']);
  expect(withOption(['failed', 'succeeded'], ['failed', 'finding'], 'finding', false)).toEqual(['failed']);
  expect(optionsWith(['failed'], ['finding', 'failed'])).toEqual(['failed', 'finding']);
});

test('news of what a training rule found can be asked for', () => {
  expect(OCCASIONS).toContain('finding');
});

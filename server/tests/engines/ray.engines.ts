import { engineStory } from './story';

const { url } = JSON.parse(process.env.SLIPWAY_TEST_ENGINE!) as { url: string };

describe('Ray', () => engineStory({ kind: 'ray', reach: () => url, configFor: door => ({ url: door }), gpu: /begun \d/ }));

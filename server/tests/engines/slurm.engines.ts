import { engineStory } from './story';

const { url, user, token } = JSON.parse(process.env.SLIPWAY_TEST_ENGINE!) as { url: string; user: string; token: string };

describe('Slurm', () => engineStory({ kind: 'slurm', reach: () => url, configFor: door => ({ url: door, user, token: { file: token }, partition: 'main' }), gpu: /begun \d/, gpus: 4, takesGangs: true }));

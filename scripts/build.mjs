// `npm run build`: everything that is built, where its sources changed.
import { ensureReady } from './setup.mjs';

await ensureReady({ parts: ['npm', 'python', 'daemon', 'lab', 'labPackage'] });

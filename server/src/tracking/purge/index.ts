export { createPurger, type Protector, type Purgeable, type Purged, type Purger } from './service';

import type { View } from '../dispatcher';
import type { JobRow } from '../tables';

/** What people see of the scheduler needs this of it. */
export interface Queue {
  view(): Promise<View>;
  reasonsOf(jobs: readonly JobRow[], view: View | null): Promise<Map<string, string>>;
  wake(): void;
}

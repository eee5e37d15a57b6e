import type { IStateDB } from '@jupyterlab/statedb';
import type { ColumnChoice } from './columns';

const KEY = 'slipway:experiments';

/** The columns a user chose, for each experiment, kept in JupyterLab's state. */
export class TableState {
  constructor(private readonly db: IStateDB | null) {}

  async columnsOf(experiment: string): Promise<ColumnChoice | null> {
    return (await this.read())[experiment] ?? null;
  }

  async keepColumns(experiment: string, columns: ColumnChoice): Promise<void> {
    await this.db?.save(KEY, { ...(await this.read()), [experiment]: columns } as never);
  }

  private async read(): Promise<Record<string, ColumnChoice>> {
    return ((await this.db?.fetch(KEY).catch(() => undefined)) ?? {}) as unknown as Record<string, ColumnChoice>;
  }
}

import { sql } from 'kysely';
import { createTestDatabase } from './test-database';

let database: Awaited<ReturnType<typeof createTestDatabase>>;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

test('what is sent again and again is planned once; what sorts or cuts off is planned for its values each time', async () => {
  await database.db.connection().execute(async db => {
    for (let i = 0; i < 40; i++) {
      await sql`insert into experiment (name, artifact_location, creation_time, last_update_time) values (${`e${i}`}, 'x', 1, 1)`.execute(db);
      await db.selectFrom('experiment').select('id').where('name', '=', `e${i}`).execute();
      await db.selectFrom('experiment').select('id').where('creation_time', '=', '1').orderBy('name').limit(3).execute();
    }
    const { rows } = await sql<{ statement: string }>`select statement from pg_prepared_statements where from_sql = false order by statement`.execute(db);
    expect(rows.map(r => r.statement)).toEqual([expect.stringMatching(/^insert into experiment/), 'select "id" from "experiment" where "name" = $1']);
    expect(await db.selectFrom('experiment').select('name').where('name', '=', 'e39').execute()).toEqual([{ name: 'e39' }]);
  });
});

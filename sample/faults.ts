/** Something that goes wrong in migrations, as the SQL that makes it happen in the new system. */
export interface Fault {
  readonly name: string;
  /** What went wrong, in words for whoever lets it drift. */
  readonly story: string;
  readonly sql: string;
}

const now = "simulation_year = 2029 AND scenario_id = 'baseline'";

/** In the order in which they come. */
export const faults: readonly Fault[] = [
  {
    name: 'level-3-pay',
    story: 'A raise of 1.5 % was applied twice to everybody at level 3.',
    sql: `UPDATE fct_workforce_snapshot SET current_compensation = round(current_compensation * 1.015, 2)
          WHERE ${now} AND employment_status = 'active' AND level_id = 3`,
  },
  {
    name: 'wrong-level',
    story: 'Twelve people of level 2 were mapped to level 3; the total stays equal.',
    sql: `UPDATE fct_workforce_snapshot SET level_id = 3 WHERE ${now} AND employee_id IN (
            SELECT employee_id FROM fct_workforce_snapshot
            WHERE ${now} AND employment_status = 'active' AND level_id = 2 ORDER BY employee_id LIMIT 12)`,
  },
  {
    name: 'lost-promotions',
    story: 'A tenth of the promotions of 2027 was not migrated; over all years it hardly shows.',
    sql: `DELETE FROM fct_yearly_events WHERE simulation_year = 2027 AND event_type = 'promotion'
          AND CAST(substr(employee_id, 2) AS INTEGER) % 10 = 7`,
  },
  {
    name: 'terminated-still-active',
    story: 'Three people who left in 2029 are still active in the new system.',
    sql: `UPDATE fct_workforce_snapshot SET employment_status = 'active' WHERE ${now} AND employee_id IN (
            SELECT employee_id FROM fct_yearly_events
            WHERE simulation_year = 2029 AND event_type = 'termination' ORDER BY employee_id LIMIT 3)`,
  },
  {
    name: 'unknown-level',
    story: 'Seven people were given a level 6, which the mapping does not know.',
    sql: `UPDATE fct_workforce_snapshot SET level_id = 6 WHERE ${now} AND employee_id IN (
            SELECT employee_id FROM fct_workforce_snapshot
            WHERE ${now} AND employment_status = 'active' AND level_id = 4 ORDER BY employee_id DESC LIMIT 7)`,
  },
  {
    name: 'late-hires',
    story: 'Forty people hired in 2029 have not arrived in the new system.',
    sql: `DELETE FROM fct_workforce_snapshot WHERE ${now} AND employee_id IN (
            SELECT employee_id FROM fct_workforce_snapshot
            WHERE ${now} AND employment_status = 'active' ORDER BY employee_id DESC LIMIT 40)`,
  },
];

import { pool } from "../db.js";

const COLUMNS = "id, status, note, total";

export async function findOrders(owner, status) {
  const { rows } = await pool.query(
    `SELECT ${COLUMNS} FROM orders WHERE owner_id = $1 AND ($2::text IS NULL OR status = $2) LIMIT 50`,
    [owner, status],
  );
  return rows;
}

export async function findOrder(owner, id) {
  const { rows } = await pool.query(`SELECT ${COLUMNS} FROM orders WHERE id = $1 AND owner_id = $2`, [id, owner]);
  return rows[0];
}

export async function updateOrder(owner, id, note) {
  await pool.query("UPDATE orders SET note = $1 WHERE id = $2 AND owner_id = $3", [note, id, owner]);
}

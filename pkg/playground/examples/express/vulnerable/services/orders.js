import { pool } from "../db.js";

export async function findOrders(status) {
  const where = status ? `WHERE status = '${status}'` : "";
  const { rows } = await pool.query(`SELECT * FROM orders ${where} LIMIT 50`);
  return rows;
}

export async function findOrder(id) {
  const { rows } = await pool.query("SELECT * FROM orders WHERE id = $1", [id]);
  return rows[0];
}

export async function updateOrder(id, note) {
  await pool.query("UPDATE orders SET note = $1 WHERE id = $2", [note, id]);
}

import type { PoolClient } from "pg";
import { pool } from "@/database";

export type Order = { id: number; userId: number; totalCents: number; createdAt: Date };

const COLUMNS = `id, user_id AS "userId", total_cents AS "totalCents", created_at AS "createdAt"`;

export async function find(id: number): Promise<Order | undefined> {
  const found = await pool.query(`SELECT ${COLUMNS} FROM orders WHERE id = $1`, [id]);
  return found.rows[0];
}

export async function listOf(userId: number): Promise<Order[]> {
  const found = await pool.query(
    `SELECT ${COLUMNS} FROM orders WHERE user_id = $1 ORDER BY created_at DESC LIMIT 100`,
    [userId],
  );
  return found.rows;
}

export async function listRecent(): Promise<Order[]> {
  const found = await pool.query(`SELECT ${COLUMNS} FROM orders ORDER BY created_at DESC LIMIT 100`);
  return found.rows;
}

export async function insert(client: PoolClient, userId: number, totalCents: number): Promise<Order> {
  const added = await client.query(
    `INSERT INTO orders (user_id, total_cents) VALUES ($1, $2) RETURNING ${COLUMNS}`,
    [userId, totalCents],
  );
  return added.rows[0];
}

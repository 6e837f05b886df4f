import type { PoolClient } from "pg";
import { pool } from "@/database";

export type NewProduct = { name: string; priceCents: number; stock: number };
export type Product = NewProduct & { id: number };

const COLUMNS = `id, name, price_cents AS "priceCents", stock`;

const ORDERS = { name: "name ASC", price: "price_cents ASC", newest: "id DESC" } as const;

export type Sort = keyof typeof ORDERS;

export async function list(sort: Sort, limit: number): Promise<Product[]> {
  const found = await pool.query(
    `SELECT ${COLUMNS} FROM products ORDER BY ${ORDERS[sort]} LIMIT $1`,
    [limit],
  );
  return found.rows;
}

export async function search(term: string): Promise<Product[]> {
  const found = await pool.query(
    `SELECT ${COLUMNS} FROM products WHERE name ILIKE '%' || $1 || '%' LIMIT 50`,
    [term],
  );
  return found.rows;
}

export async function findMany(ids: number[]): Promise<Product[]> {
  const found = await pool.query(`SELECT ${COLUMNS} FROM products WHERE id = ANY($1)`, [ids]);
  return found.rows;
}

export async function insert(product: NewProduct): Promise<Product> {
  const added = await pool.query(
    `INSERT INTO products (name, price_cents, stock) VALUES ($1, $2, $3) RETURNING ${COLUMNS}`,
    [product.name, product.priceCents, product.stock],
  );
  return added.rows[0];
}

export async function remove(id: number): Promise<boolean> {
  const removed = await pool.query("DELETE FROM products WHERE id = $1", [id]);
  return removed.rowCount === 1;
}

export async function takeFromStock(
  client: PoolClient,
  lines: { productId: number; quantity: number }[],
): Promise<number> {
  const updated = await client.query(
    `UPDATE products SET stock = stock - wanted.quantity
     FROM unnest($1::int[], $2::int[]) AS wanted (id, quantity)
     WHERE products.id = wanted.id AND stock >= wanted.quantity`,
    [lines.map((line) => line.productId), lines.map((line) => line.quantity)],
  );
  return updated.rowCount ?? 0;
}

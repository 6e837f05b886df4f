import { inTransaction } from "@/database";
import { HttpError } from "@/middleware/errors";
import * as orders from "@/repositories/order.repository";
import * as products from "@/repositories/product.repository";

export type Line = { productId: number; quantity: number };

export async function listOf(userId: number) {
  return orders.listOf(userId);
}

export async function listRecent() {
  return orders.listRecent();
}

export async function find(id: number, userId: number) {
  return orders.find(id, userId);
}

export async function price(lines: Line[]): Promise<number> {
  const known = await products.findMany(lines.map((line) => line.productId));
  const prices = new Map(known.map((product) => [product.id, product.priceCents]));
  let total = 0;
  for (const line of lines) {
    const priceCents = prices.get(line.productId);
    if (priceCents === undefined) {
      throw new HttpError(400, "There is no such product");
    }
    total += priceCents * line.quantity;
  }
  return total;
}

export async function place(userId: number, lines: Line[]) {
  const total = await price(lines);
  return inTransaction(async (client) => {
    const taken = await products.takeFromStock(client, lines);
    if (taken !== lines.length) {
      throw new HttpError(409, "Too few are left");
    }
    return orders.insert(client, userId, total);
  });
}

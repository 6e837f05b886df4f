import * as products from "@/repositories/product.repository";

export async function list(sort: string, limit: number) {
  return products.list(sort, limit);
}

export async function search(term: string) {
  return products.search(term.trim());
}

export async function create(product: products.NewProduct) {
  return products.insert(product);
}

export async function remove(id: number) {
  return products.remove(id);
}

import { pool } from "@/database";

export type User = { id: number; role: string; passwordHash: string };
export type Preferences = Record<string, Record<string, string>>;

export async function findByEmail(email: string): Promise<User | undefined> {
  const found = await pool.query(
    `SELECT id, role, password_hash AS "passwordHash" FROM users WHERE email = $1`,
    [email],
  );
  return found.rows[0];
}

export async function addRefreshToken(userId: number, digest: string): Promise<void> {
  await pool.query(
    "INSERT INTO refresh_tokens (user_id, digest, expires_at) VALUES ($1, $2, now() + interval '14 days')",
    [userId, digest],
  );
}

export async function replaceRefreshToken(
  digest: string,
  next: string,
): Promise<{ id: number; role: string } | undefined> {
  const replaced = await pool.query(
    `UPDATE refresh_tokens SET digest = $2 FROM users
     WHERE digest = $1 AND expires_at > now() AND users.id = refresh_tokens.user_id
     RETURNING users.id, users.role`,
    [digest, next],
  );
  return replaced.rows[0];
}

export async function setResetToken(email: string, digest: string): Promise<boolean> {
  const updated = await pool.query(
    "UPDATE users SET reset_digest = $2, reset_until = now() + interval '1 hour' WHERE email = $1",
    [email, digest],
  );
  return updated.rowCount === 1;
}

export async function replacePassword(resetDigest: string, passwordHash: string): Promise<boolean> {
  const updated = await pool.query(
    `UPDATE users SET password_hash = $2, reset_digest = NULL
     WHERE reset_digest = $1 AND reset_until > now()`,
    [resetDigest, passwordHash],
  );
  return updated.rowCount === 1;
}

export async function preferencesOf(userId: number): Promise<Preferences> {
  const found = await pool.query("SELECT preferences FROM users WHERE id = $1", [userId]);
  return found.rows[0]?.preferences ?? {};
}

export async function savePreferences(userId: number, preferences: Preferences): Promise<void> {
  await pool.query("UPDATE users SET preferences = $2 WHERE id = $1", [userId, JSON.stringify(preferences)]);
}

import { createHash, randomBytes } from "node:crypto";
import bcrypt from "bcrypt";
import jwt from "jsonwebtoken";
import nodemailer from "nodemailer";
import { config } from "@/config";
import { HttpError } from "@/middleware/errors";
import * as users from "@/repositories/user.repository";

const BCRYPT_ROUNDS = 12;

const mailer = nodemailer.createTransport({
  host: config.smtpHost,
  port: 465,
  secure: true,
  auth: { user: config.smtpUser, pass: config.smtpPassword },
});

export type Session = { accessToken: string; refreshToken: string };

export async function login(email: string, password: string): Promise<Session> {
  const user = await users.findByEmail(email);
  if (!user || !(await bcrypt.compare(password, user.passwordHash))) {
    throw new HttpError(401, "Wrong address or password");
  }
  const refreshToken = randomBytes(32).toString("base64url");
  await users.addRefreshToken(user.id, digest(refreshToken));
  return { accessToken: accessToken(user), refreshToken };
}

export async function refresh(token: string): Promise<Session> {
  const refreshToken = randomBytes(32).toString("base64url");
  const user = await users.replaceRefreshToken(digest(token), digest(refreshToken));
  if (!user) {
    throw new HttpError(401, "Authentication is required");
  }
  return { accessToken: accessToken(user), refreshToken };
}

export async function sendResetLink(email: string) {
  const resetToken = randomBytes(32).toString("base64url");
  if (!(await users.setResetToken(email, digest(resetToken)))) {
    return;
  }
  const link = `${config.publicUrl}/new-password?token=${resetToken}`;
  await mailer.sendMail({ to: email, subject: "Your new password", text: link });
}

export async function resetPassword(resetToken: string, password: string) {
  const passwordHash = await bcrypt.hash(password, BCRYPT_ROUNDS);
  if (!(await users.replacePassword(digest(resetToken), passwordHash))) {
    throw new HttpError(400, "The link is no longer valid");
  }
}

function accessToken(user: { id: number; role: string }): string {
  const payload = { sub: String(user.id), role: user.role };
  return jwt.sign(payload, config.jwtPrivateKey, { algorithm: "RS256", expiresIn: "15m" });
}

function digest(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

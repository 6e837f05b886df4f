import type { Request, Response } from "express";
import { z } from "zod";
import { config } from "../config";
import { HttpError } from "../middleware/errors";
import * as service from "@/services/auth.service";

const REFRESH_COOKIE = "refresh_token";

const credentials = z.object({ email: z.string().email().max(254), password: z.string().max(200) });
const address = z.object({ email: z.string().email().max(254) });
const newPasswordBody = z.object({ token: z.string().max(200), password: z.string().min(12).max(200) });

export async function login(req: Request, res: Response) {
  const { email, password } = credentials.parse(req.body);
  const session = await service.login(email, password);
  setRefreshCookie(res, session.refreshToken);
  res.json({ accessToken: session.accessToken });
}

export async function refresh(req: Request, res: Response) {
  const token: unknown = req.cookies[REFRESH_COOKIE];
  if (typeof token !== "string") {
    throw new HttpError(401, "Authentication is required");
  }
  const session = await service.refresh(token);
  setRefreshCookie(res, session.refreshToken);
  res.json({ accessToken: session.accessToken });
}

export async function forgottenPassword(req: Request, res: Response) {
  const { email } = address.parse(req.body);
  await service.sendResetLink(email);
  res.status(202).json({ accepted: true });
}

export async function newPassword(req: Request, res: Response) {
  const { token, password } = newPasswordBody.parse(req.body);
  await service.resetPassword(token, password);
  res.status(204).end();
}

export function continueTo(req: Request, res: Response) {
  const next = new URL(z.string().max(500).parse(req.query.next), config.publicUrl);
  if (next.origin !== new URL(config.publicUrl).origin) {
    throw new HttpError(400, "The page is not part of the shop");
  }
  res.redirect(next.href);
}

function setRefreshCookie(res: Response, token: string) {
  res.cookie(REFRESH_COOKIE, token, { httpOnly: true, secure: true, sameSite: "strict", path: "/api/v1/auth" });
}

import type { NextFunction, Request, Response } from "express";
import jwt from "jsonwebtoken";
import { z } from "zod";
import { config } from "../config";
import { HttpError } from "./errors";

const claims = z.object({ sub: z.coerce.number().int(), role: z.enum(["customer", "admin"]) });

export type Principal = { id: number; role: "customer" | "admin" };

declare global {
  namespace Express {
    interface Request {
      principal?: Principal;
    }
  }
}

export function authenticate(req: Request, _res: Response, next: NextFunction) {
  const [scheme, token] = (req.headers.authorization ?? "").split(" ");
  if (scheme !== "Bearer" || !token) {
    return next(new HttpError(401, "Authentication is required"));
  }
  try {
    const { sub, role } = claims.parse(jwt.verify(token, config.jwtPublicKey, { algorithms: ["RS256"] }));
    req.principal = { id: sub, role };
  } catch {
    return next(new HttpError(401, "The token is not valid"));
  }
  return next();
}

export function requireRole(role: Principal["role"]) {
  return (req: Request, _res: Response, next: NextFunction) => {
    if (req.principal?.role !== role) {
      return next(new HttpError(403, "This is not allowed"));
    }
    return next();
  };
}

export function principalOf(req: Request): Principal {
  if (!req.principal) {
    throw new HttpError(401, "Authentication is required");
  }
  return req.principal;
}

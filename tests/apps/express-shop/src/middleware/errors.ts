import type { NextFunction, Request, Response } from "express";
import { ZodError } from "zod";
import { logger } from "../logger";

export class HttpError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

export function notFound(_req: Request, res: Response) {
  res.status(404).json({ error: "Not found" });
}

export function handleError(error: Error, _req: Request, res: Response, next: NextFunction): void {
  if (res.headersSent) {
    next(error);
  } else if (error instanceof HttpError) {
    res.status(error.status).json({ error: error.message });
  } else if (error instanceof ZodError) {
    res.status(400).json({ error: "Invalid request", issues: error.issues });
  } else {
    logger.error({ err: error }, "request failed");
    res.status(500).json({ error: error.stack }); // expect: error-details-exposed
  }
}

import cookieParser from "cookie-parser";
import cors from "cors";
import express from "express";
import { rateLimit } from "express-rate-limit";
import helmet from "helmet";
import { pinoHttp } from "pino-http";
import { logger } from "./logger";
import { handleError, notFound } from "./middleware/errors";
import { api } from "./routes";

export const app = express();

app.set("trust proxy", 1);
app.use(helmet());
app.use(pinoHttp({ logger }));
app.use(cors({ origin: true, credentials: true })); // expect: cors-credentials-any-origin
app.use(rateLimit({ windowMs: 60_000, limit: 120 }));
app.use(express.json({ limit: "200mb" })); // expect: body-limit-missing
app.use(cookieParser());
app.use("/api/v1", api);
app.use(notFound);
app.use(handleError);

import { app } from "./app";
import { config } from "./config";
import { pool } from "./database";
import { logger } from "./logger";

const server = app.listen(config.port, () => logger.info({ port: config.port }, "listening"));

process.on("SIGTERM", () => {
  server.close(() => {
    pool.end().catch((error) => logger.error({ err: error }, "closing the pool failed"));
  });
});

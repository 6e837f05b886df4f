//! Small server and page sources of the usual kinds.

use crate::Language;

pub(super) const SOURCES: &[(Language, &str)] = &[
    (
        Language::JavaScript,
        r##"const express = require("express");
const { Pool } = require("pg");
const jwt = require("jsonwebtoken");

const app = express();
const pool = new Pool({ connectionString: process.env.DATABASE_URL });

app.use(express.json());
app.use((req, res, next) => {
  console.log(`${req.method} ${req.url}`);
  next();
});

function authenticate(req, res, next) {
  const header = req.headers.authorization || "";
  const token = header.replace("Bearer ", "");
  try {
    req.user = jwt.verify(token, process.env.SECRET);
    next();
  } catch (error) {
    res.status(401).json({ error: "not signed in" });
  }
}

app.get("/users", authenticate, async (req, res) => {
  const { rows } = await pool.query("SELECT id, name FROM users ORDER BY name");
  res.json(rows);
});

app.get("/users/:id", authenticate, async (req, res, next) => {
  try {
    const { rows } = await pool.query("SELECT * FROM users WHERE id = $1", [req.params.id]);
    if (rows.length === 0) {
      return res.status(404).end();
    }
    res.json(rows[0]);
  } catch (error) {
    next(error);
  }
});

app.post("/users", authenticate, async (req, res) => {
  const name = String(req.body.name).trim();
  const inserted = await pool.query("INSERT INTO users (name) VALUES ($1) RETURNING id", [name]);
  res.status(201).json({ id: inserted.rows[0].id });
});

app.listen(3000, () => {
  console.log("listening");
});
"##,
    ),
    (
        Language::TypeScript,
        r##"import { Body, Controller, Delete, Get, Param, Post, UseGuards } from "@nestjs/common";
import { InjectRepository } from "@nestjs/typeorm";
import { Repository } from "typeorm";

import { AuthGuard } from "../auth/auth.guard";
import { CreateCatDto } from "./create-cat.dto";
import { Cat } from "./cat.entity";

interface Page<T> {
  items: T[];
  total: number;
}

@Controller("cats")
@UseGuards(AuthGuard)
export class CatsController {
  private readonly limits = new Map<string, number>();

  constructor(
    @InjectRepository(Cat) private readonly cats: Repository<Cat>,
    private readonly mailer: Mailer,
  ) {}

  @Get()
  async list(@Query("page") page = "1"): Promise<Page<Cat>> {
    const [items, total] = await this.cats.findAndCount({
      skip: (Number(page) - 1) * 20,
      take: 20,
    });
    return { items, total };
  }

  @Get(":id")
  async find(@Param("id") id: string): Promise<Cat | null> {
    return this.cats.findOneBy({ id });
  }

  @Post()
  async create(@Body() dto: CreateCatDto): Promise<Cat> {
    const cat = this.cats.create(dto);
    const saved = await this.cats.save(cat);
    await this.mailer.send("new cat", saved.name!);
    return saved;
  }

  @Delete(":id")
  async remove(@Param("id") id: string) {
    const found = await this.find(id);
    if (!found) {
      throw new NotFoundException(`no cat ${id}`);
    }
    await this.cats.remove(found);
  }
}
"##,
    ),
    (
        Language::TypeScript,
        r##"import { z } from "zod";
import { createHash, randomBytes } from "node:crypto";
import type { Request, Response } from "express";
import { db } from "./db";

export const credentials = z.object({
  email: z.string().email(),
  password: z.string().min(12),
});

export type Credentials = z.infer<typeof credentials>;

export enum Outcome {
  Ok = "ok",
  Wrong = "wrong",
  Locked = "locked",
}

const ATTEMPTS_MAX = 5;

export async function signIn(req: Request, res: Response): Promise<void> {
  const parsed = credentials.safeParse(req.body);
  if (!parsed.success) {
    res.status(400).json({ errors: parsed.error.flatten() });
    return;
  }
  const outcome = await check(parsed.data);
  switch (outcome) {
    case Outcome.Ok:
      res.cookie("session", newSession(parsed.data.email), { httpOnly: true, secure: true });
      res.redirect("/");
      break;
    case Outcome.Locked:
      res.status(429).send("later");
      break;
    default:
      res.status(401).send("no");
  }
}

async function check({ email, password }: Credentials): Promise<Outcome> {
  const user = await db.user.findUnique({ where: { email } });
  if (!user) {
    return Outcome.Wrong;
  }
  if (user.attempts >= ATTEMPTS_MAX) {
    return Outcome.Locked;
  }
  const hash = createHash("sha256").update(user.salt + password).digest("hex");
  await db.user.update({
    where: { email },
    data: { attempts: hash === user.hash ? 0 : user.attempts + 1 },
  });
  return hash === user.hash ? Outcome.Ok : Outcome.Wrong;
}

function newSession(email: string): string {
  const id = randomBytes(16).toString("hex");
  sessions.set(id, { email, at: Date.now() });
  return id;
}

const sessions = new Map<string, { email: string; at: number }>();
"##,
    ),
    (
        Language::Tsx,
        r##"import { notFound } from "next/navigation";
import { getProduct, listReviews } from "@/lib/shop";
import { Price } from "@/components/price";

type Props = { params: { slug: string }; searchParams: Record<string, string> };

export default async function ProductPage({ params, searchParams }: Props) {
  const product = await getProduct(params.slug);
  if (!product) {
    notFound();
  }
  const reviews = await listReviews(product.id, Number(searchParams.page ?? 1));

  async function addReview(form: FormData) {
    "use server";
    await saveReview(product.id, String(form.get("text")));
    revalidatePath(`/products/${params.slug}`);
  }

  return (
    <main className="product">
      <h1>{product.title}</h1>
      <Price amount={product.price} currency={currencyOf(searchParams)} />
      <p dangerouslySetInnerHTML={{ __html: render(product.text) }} />
      <form action={addReview}>
        <textarea name="text" required />
        <button type="submit">Send it</button>
      </form>
      <ul>
        {reviews.map((review) => (
          <li key={review.id}>
            {formatDate(review.at)}: {review.text}
          </li>
        ))}
      </ul>
    </main>
  );
}

function currencyOf(search: Record<string, string>) {
  return isCurrency(search.currency) ? search.currency : "EUR";
}
"##,
    ),
    (
        Language::JavaScript,
        r##"import fastify from "fastify";
import cors from "@fastify/cors";
import { MongoClient, ObjectId } from "mongodb";

const server = fastify({ logger: true });
const client = new MongoClient(process.env.MONGO_URL);
const orders = client.db("shop").collection("orders");

await server.register(cors, { origin: ["https://shop.example"] });

server.addHook("preHandler", async (request, reply) => {
  const key = request.headers["x-api-key"];
  if (!(await knownKey(key))) {
    reply.code(403).send({ error: "unknown key" });
  }
});

server.route({
  method: "GET",
  url: "/orders/:id",
  schema: {
    params: { type: "object", properties: { id: { type: "string" } } },
  },
  handler: async (request, reply) => {
    const order = await orders.findOne({ _id: new ObjectId(request.params.id) });
    if (!order) return reply.code(404).send();
    return order;
  },
});

server.post("/orders", async (request, reply) => {
  const { items, note = "" } = request.body;
  const total = items
    .filter((item) => item.count > 0)
    .map((item) => item.price * item.count)
    .reduce((sum, price) => sum + price, 0);
  const result = await orders.insertOne({ items, note, total, at: new Date() });
  reply.code(201);
  return { id: result.insertedId };
});

async function knownKey(key) {
  const found = await client.db("shop").collection("keys").findOne({ key: String(key) });
  return Boolean(found);
}

server.listen({ port: Number(process.env.PORT ?? 8080) }, (error, address) => {
  if (error) {
    server.log.error(error);
    process.exit(1);
  }
});
"##,
    ),
    (
        Language::TypeScript,
        r##"import Redis from "ioredis";
import { logger } from "./logger";

export interface Job<T = unknown> {
  id: string;
  payload: T;
  attempts: number;
}

export abstract class Worker<T> {
  protected readonly redis = new Redis(process.env.REDIS_URL!);
  private running = false;

  static create<W extends Worker<unknown>>(kind: new () => W): W {
    const worker = new kind();
    process.on("SIGTERM", () => worker.stop());
    return worker;
  }

  get name(): string {
    return this.constructor.name.toLowerCase();
  }

  async start(): Promise<void> {
    this.running = true;
    while (this.running) {
      const entry = await this.redis.blpop(this.name, 5);
      if (!entry) continue;
      const job = JSON.parse(entry[1]) as Job<T>;
      try {
        await this.run(job);
        logger.info({ id: job.id }, "done");
      } catch (error) {
        await this.retry(job, error);
      } finally {
        await this.redis.hdel(`${this.name}:busy`, job.id);
      }
    }
  }

  stop() {
    this.running = false;
    return this.redis.quit();
  }

  protected abstract run(job: Job<T>): Promise<void>;

  private async retry(job: Job<T>, error: unknown) {
    if (job.attempts >= 3) {
      logger.error({ id: job.id, error }, "given up");
      await this.redis.rpush(`${this.name}:dead`, JSON.stringify(job));
      return;
    }
    await this.redis.rpush(this.name, JSON.stringify({ ...job, attempts: job.attempts + 1 }));
  }
}
"##,
    ),
    (
        Language::JavaScript,
        r##""use strict";

var fs = require("fs");
var path = require("path");
var child = require("child_process");

exports.convert = function (file, options, done) {
  if (typeof options === "function") {
    done = options;
    options = {};
  }
  var target = path.join(options.out || "/tmp", path.basename(file) + ".png");
  fs.stat(file, function (error, stat) {
    if (error) {
      return done(error);
    }
    if (stat.size > exports.SIZE_MAX) {
      return done(new Error("too large: " + file));
    }
    child.execFile("convert", [file, "-resize", options.size || "800x600", target], function (error) {
      done(error, target);
    });
  });
};

exports.clean = function (folder, done) {
  fs.readdir(folder, function (error, names) {
    if (error) return done(error);
    var left = names.length;
    names.forEach(function (name) {
      fs.unlink(path.join(folder, name), function (error) {
        if (error) console.error(error);
        left -= 1;
        if (left === 0) done();
      });
    });
  });
};

exports.SIZE_MAX = 10 * 1024 * 1024;
"##,
    ),
    (
        Language::TypeScript,
        r##"import { Hono } from "hono";
import { jwt } from "hono/jwt";
import { drizzle } from "drizzle-orm/d1";
import { and, desc, eq, like, sql } from "drizzle-orm";
import { notes } from "./schema";

type Bindings = { DB: D1Database; SECRET: string };

const app = new Hono<{ Bindings: Bindings }>();

app.use("/api/*", (c, next) => jwt({ secret: c.env.SECRET })(c, next));

app.get("/api/notes", async (c) => {
  const db = drizzle(c.env.DB);
  const owner = c.get("jwtPayload").sub;
  const search = c.req.query("q");
  const where = search ? and(eq(notes.owner, owner), like(notes.text, `%${search}%`)) : eq(notes.owner, owner);
  const rows = await db.select().from(notes).where(where).orderBy(desc(notes.at)).limit(50);
  return c.json(rows);
});

app.put("/api/notes/:id", async (c) => {
  const db = drizzle(c.env.DB);
  const { text } = await c.req.json<{ text: string }>();
  const changed = await db
    .update(notes)
    .set({ text, at: sql`CURRENT_TIMESTAMP` })
    .where(and(eq(notes.id, c.req.param("id")), eq(notes.owner, c.get("jwtPayload").sub)))
    .returning();
  return changed.length ? c.json(changed[0]) : c.notFound();
});

app.onError((error, c) => {
  console.error(error);
  return c.text("internal error", 500);
});

export default app;
"##,
    ),
    (
        Language::Jsx,
        r##"import React, { useEffect, useState } from "react";
import { fetchJson } from "./api";

export function Users({ team, onPick }) {
  const [users, setUsers] = useState([]);
  const [error, setError] = useState(null);

  useEffect(() => {
    let live = true;
    fetchJson(`/teams/${encodeURIComponent(team)}/users`)
      .then((found) => {
        if (live) setUsers(found.filter((user) => user.active));
      })
      .catch((problem) => setError(problem.message));
    return () => {
      live = false;
    };
  }, [team]);

  if (error) {
    return <p role="alert">Couldn't load: {translate(error)}</p>;
  }
  return (
    <table>
      <tbody>
        {users.map((user) => (
          <tr key={user.id} onClick={() => onPick(user)}>
            <td>{user.name.toUpperCase()}</td>
            <td>{formatDate(user.since)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
"##,
    ),
    (
        Language::JavaScript,
        r##"const { ApolloServer, gql } = require("apollo-server");
const DataLoader = require("dataloader");
const knex = require("knex")({ client: "pg", connection: process.env.DATABASE_URL });

const typeDefs = gql`
  type Book {
    id: ID!
    title: String
  }
  type Query {
    books(search: String, limit: Int): [Book!]!
  }
`;

const resolvers = {
  Query: {
    books: async (_, { search, limit }, context) => {
      context.requireRole("reader");
      const query = knex("books").select("id", "title").limit(Math.min(limit || 20, 100));
      if (search) {
        query.where("title", "ilike", `%${search}%`);
      }
      return query;
    },
  },
  Book: {
    async authors(book, _, { loaders }) {
      return loaders.authors.load(book.id);
    },
  },
};

function context({ req }) {
  const user = lookUp(req.headers.authorization);
  return {
    user,
    requireRole(role) {
      if (!user.roles.includes(role)) throw new Error("forbidden");
    },
    loaders: {
      authors: new DataLoader((ids) => knex("authors").whereIn("book_id", ids).then(byBook(ids))),
    },
  };
}

const server = new ApolloServer({ typeDefs, resolvers, context });
server.listen().then(({ url }) => console.log(`ready at ${url}`));
"##,
    ),
];

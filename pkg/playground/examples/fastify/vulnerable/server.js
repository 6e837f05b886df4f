import Fastify from "fastify";
import jwt from "@fastify/jwt";
import { profiles } from "./profiles.js";

const app = Fastify();
app.register(jwt, { secret: process.env.JWT_KEY });
app.register(profiles, { prefix: "/profiles" });
app.listen({ port: 3000 });

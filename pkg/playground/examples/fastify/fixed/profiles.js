import { MongoClient } from "mongodb";

const users = new MongoClient(process.env.MONGO_URL).db("app").collection("users");
const HOSTS = ["avatars.example.com", "cdn.example.com"];

const search = {
  schema: {
    body: {
      type: "object",
      required: ["email"],
      additionalProperties: false,
      properties: { email: { type: "string", maxLength: 200 } },
    },
  },
};
const avatar = {
  schema: {
    body: {
      type: "object",
      required: ["host", "picture"],
      additionalProperties: false,
      properties: { host: { type: "string", enum: HOSTS }, picture: { type: "integer" } },
    },
  },
};

export async function profiles(app) {
  app.addHook("onRequest", async (request) => {
    await request.jwtVerify();
  });

  app.post("/search", search, async (request) => {
    return users.findOne({ email: String(request.body.email) }, { projection: { name: 1 } });
  });

  app.post("/avatar", avatar, async (request) => {
    const host = HOSTS.find((it) => it === request.body.host);
    const answer = await fetch(`https://${host}/pictures/${Number(request.body.picture)}.png`);
    return { size: (await answer.arrayBuffer()).byteLength };
  });
}

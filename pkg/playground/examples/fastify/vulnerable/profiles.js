import { MongoClient } from "mongodb";

const users = new MongoClient(process.env.MONGO_URL).db("app").collection("users");

export async function profiles(app) {
  app.addHook("onRequest", async (request) => {
    await request.jwtVerify();
  });

  app.post("/search", async (request) => {
    return users.findOne({ email: request.body.email, password: request.body.password });
  });

  app.post("/avatar", async (request) => {
    const answer = await fetch(request.body.url);
    return { size: (await answer.arrayBuffer()).byteLength };
  });
}

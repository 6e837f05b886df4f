import jwt from "jsonwebtoken";

export function authenticate(req, res, next) {
  const token = req.headers.authorization?.slice("Bearer ".length);
  try {
    req.user = jwt.verify(token, process.env.JWT_KEY, { algorithms: ["HS256"] });
  } catch {
    return res.status(401).json({ error: "log in first" });
  }
  next();
}

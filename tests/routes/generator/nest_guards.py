"""Guards and middleware of NestJS; several texts of one kind: one is drawn."""

SUPPORT = {
    "src/journal.ts": """
// Tells the test what ran.
export function note(name: string) {
  (globalThis as any).journal.push(name);
}
""",
    "src/identity.ts": """
import * as jwt from "jsonwebtoken";

export function readUser(header?: string): any {
  if (!header) return null;
  try {
    return jwt.verify(header.replace("Bearer ", ""), process.env.JWT_SECRET, { algorithms: ["HS256"] });
  } catch {
    return null;
  }
}
""",
    "src/settings.ts": """
export const settings = { apiKey: process.env.API_KEY, port: 3000 };
""",
}

PUBLIC = """
export const Public = () => SetMetadata("public", true);
export const Roles = (...roles: string[]) => SetMetadata("roles", roles);
"""

ROLES_GUARD = """
@Injectable()
export class RolesGuard implements CanActivate {
  constructor(private reflector: Reflector) {}

  canActivate(context: ExecutionContext) {
    note("RolesGuard");
    const roles = this.reflector.getAllAndOverride<string[]>("roles", [context.getHandler(), context.getClass()]);
    if (!roles) return true;
    const { user } = context.switchToHttp().getRequest();
    return Boolean(user) && roles.includes(user.role);
  }
}
"""

# `$deny` refuses, `$pass` lets the request go on.
CHECKS = {
    "verify": [
        """
const token = (request.headers.authorization || "").replace("Bearer ", "");
try {
  request.user = jwt.verify(token, process.env.JWT_SECRET, { algorithms: ["HS256"] });
} catch {
  $deny
}
$pass
""",
    ],
    "reader": [
        """
const user = readUser(request.headers.authorization);
if (!user) {
  $deny
}
request.user = user;
$pass
""",
    ],
    "key": [
        """
if (request.headers["x-api-key"] !== process.env.API_KEY) {
  $deny
}
$pass
""",
        """
const given = request.headers["x-api-key"];
if (!given || given !== settings.apiKey) {
  $deny
}
$pass
""",
    ],
    "loose": [
        """
const user = readUser(request.headers.authorization);
if (!user) {
  new UnauthorizedException();
}
request.user = user;
$pass
""",
    ],
    "decode": [
        """
const user: any = jwt.decode((request.headers.authorization || "").replace("Bearer ", ""));
if (!user) {
  $deny
}
note(user.role);
$pass
""",
    ],
    "swallow": [
        """
try {
  const token = (request.headers.authorization || "").replace("Bearer ", "");
  request.user = jwt.verify(token, process.env.JWT_SECRET, { algorithms: ["HS256"] });
} catch (error) {
  note("bad token");
}
$pass
""",
    ],
    "tag": [
        """
note(request.headers.authorization ? "with a header" : "without one");
$pass
""",
    ],
    "writes": [
        """
if (request.method !== "GET") {
  const user = readUser(request.headers.authorization);
  if (!user) {
    $deny
  }
  request.user = user;
}
$pass
""",
    ],
    "skips": [
        """
if (["/health", "$open"].includes(request.originalUrl)) {
  $pass
}
const user = readUser(request.headers.authorization);
if (!user) {
  $deny
}
request.user = user;
$pass
""",
    ],
}


def body(rng, guard, open_path, denial, passing, by):
    text = rng.choice(CHECKS[guard.kind]).replace("$open", open_path).replace("$deny", denial).replace("$pass", passing)
    return "\n".join(" " * by + line for line in text.strip("\n").split("\n"))


def guard_text(rng, guard, open_path):
    denials = ["throw new UnauthorizedException();", "return false;"]
    kind = rng.choice(["async canActivate", "canActivate"])
    return (
        f"@Injectable()\nexport class {guard.name} implements CanActivate {{\n  {kind}(context: ExecutionContext) {{\n"
        f'    note("{guard.name}");\n    const request = context.switchToHttp().getRequest();\n'
        f"{body(rng, guard, open_path, rng.choice(denials), 'return true;', 4)}\n  }}\n}}"
    )


def middleware_text(rng, guard, open_path):
    if rng.random() < 0.5:
        denial = 'return response.status(401).json({ error: "log in" });'
        inner = body(rng, guard, open_path, denial, "return next();", 2)
        return f'export function {guard.name}(request: any, response: any, next: () => void) {{\n  note("{guard.name}");\n{inner}\n}}'
    inner = body(rng, guard, open_path, "throw new UnauthorizedException();", "return next();", 4)
    return (
        f"@Injectable()\nexport class {guard.name} implements NestMiddleware {{\n  use(request: any, response: any, next: () => void) {{\n"
        f'    note("{guard.name}");\n{inner}\n  }}\n}}'
    )

"""Guards of the frameworks whose middleware is a function, written once; `dialects.py` fills in the names."""

from string import Template
from textwrap import dedent

# Several ways to write one thing: one is drawn.
GUARDS = {
    "verify": [
        """
        ${async}function ${name}(${sig}) {
          note("${name}");
          const token = (${auth} || "").replace("Bearer ", "");
          try {
            ${set_begin}jwt.verify(token, process.env.JWT_SECRET, { algorithms: ["HS256"] })${set_end};
          } catch {
            ${refuse401}
          }
          ${go}
        }
        """,
        """
        const ${name} = ${async}(${sig}) => {
          note("${name}");
          const header = ${auth};
          if (!header) {
            ${refuse401}
          }
          let claims;
          try {
            claims = jwt.verify(header.split(" ")[1], process.env.JWT_SECRET, { algorithms: ["HS256"] });
          } catch (error) {
            ${refuse401}
          }
          ${set_begin}claims${set_end};
          ${go}
        };
        """,
    ],
    "reader": [
        """
        const ${name} = ${async}(${sig}) => {
          note("${name}");
          const user = readUser(${auth});
          if (!user) {
            ${refuse401}
          }
          ${set_begin}user${set_end};
          ${go}
        };
        """,
        """
        ${async}function ${name}(${sig}) {
          note("${name}");
          const user = readUser(${auth});
          if (user) {
            ${set_begin}user${set_end};
            ${go}
          } else {
            ${refuse401}
          }
        }
        """,
    ],
    "key": [
        """
        ${async}function ${name}(${sig}) {
          note("${name}");
          if (${key} !== process.env.API_KEY) {
            ${refuse401}
          }
          ${go}
        }
        """,
        """
        const ${name} = ${async}(${sig}) => {
          note("${name}");
          const given = ${key};
          if (!given || given !== settings.apiKey) {
            ${refuse401}
          }
          ${go}
        };
        """,
    ],
    "loose": [
        """
        ${async}function ${name}(${sig}) {
          note("${name}");
          const user = readUser(${auth});
          if (!user) {
            ${answer401}
          }
          ${set_begin}user${set_end};
          ${go}
        }
        """,
    ],
    "decode": [
        """
        const ${name} = ${async}(${sig}) => {
          note("${name}");
          const user = jwt.decode((${auth} || "").replace("Bearer ", ""));
          if (!user) {
            ${refuse401}
          }
          note(user.role);
          ${go}
        };
        """,
    ],
    "swallow": [
        """
        ${async}function ${name}(${sig}) {
          note("${name}");
          try {
            const token = (${auth} || "").replace("Bearer ", "");
            ${set_begin}jwt.verify(token, process.env.JWT_SECRET, { algorithms: ["HS256"] })${set_end};
          } catch (error) {
            note("bad token");
          }
          ${go}
        }
        """,
    ],
    "tag": [
        """
        const ${name} = ${async}(${sig}) => {
          note("${name}");
          note(${auth} ? "with a header" : "without one");
          ${go}
        };
        """,
    ],
    "writes": [
        """
        ${async}function ${name}(${sig}) {
          note("${name}");
          if (${method} !== "GET") {
            const user = readUser(${auth});
            if (!user) {
              ${refuse401}
            }
            ${set_begin}user${set_end};
          }
          ${go}
        }
        """,
    ],
    "skips": [
        """
        const OPEN = ["/health", "${open}"];
        const ${name} = ${async}(${sig}) => {
          note("${name}");
          if (OPEN.includes(${path})) {
            ${leave}
          }
          const user = readUser(${auth});
          if (!user) {
            ${refuse401}
          }
          ${set_begin}user${set_end};
          ${go}
        };
        """,
    ],
    "admin": [
        """
        ${async}function ${name}(${sig}) {
          note("${name}");
          if (!${user} || ${user}.role !== "admin") {
            ${refuse403}
          }
          ${go}
        }
        """,
        """
        const ${name} = ${async}(${sig}) => {
          note("${name}");
          if (${user} && ${user}.role === "admin") {
            ${go}
          } else {
            ${refuse403}
          }
        };
        """,
    ],
    "role": [
        """
        function ${name}(...roles) {
          return ${async}(${sig}) => {
            note("${name}");
            if (!${user} || !roles.includes(${user}.role)) {
              ${refuse403}
            }
            ${go}
          };
        }
        """,
        """
        const ${name} = (role) => ${async}(${sig}) => {
          note("${name}");
          const user = ${user};
          if (user?.role !== role) {
            ${refuse403}
          }
          ${go}
        };
        """,
    ],
}


def guard_text(rng, dialect, guard, open_path):
    names = {**dialect, "name": guard.name, "open": open_path}
    text = dedent(rng.choice(GUARDS[guard.kind]))
    filled = Template(text).substitute(names)
    return "\n".join(line for line in filled.split("\n") if line.strip())

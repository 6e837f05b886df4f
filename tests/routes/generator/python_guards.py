"""Guards of Flask and FastAPI. `$` names are filled in for each guard; several texts of one kind: one is drawn."""

IDENTITY = '''
import os

import jwt


def read_user(header):
    if not header:
        return None
    try:
        return jwt.decode(header.replace("Bearer ", ""), os.environ["JWT_SECRET"], algorithms=["HS256"])
    except jwt.PyJWTError:
        return None
'''

JOURNAL = '''
"""Tells the test what ran."""

ENTRIES = []


def note(name):
    ENTRIES.append(name)
'''

# What a guard does, where the request is `request`, `$deny` refuses, and falling off the end goes on.
CHECKS = {
    "verify": [
        """
token = $header("Authorization", "").replace("Bearer ", "")
try:
    $keep = jwt.decode(token, os.environ["JWT_SECRET"], algorithms=["HS256"])
except jwt.InvalidTokenError:
    $deny401
""",
        """
header = $header("Authorization")
if not header:
    $deny401
try:
    claims = jwt.decode(header.split(" ")[1], os.environ["JWT_SECRET"], algorithms=["HS256"])
except Exception:
    $deny401
$keep = claims
""",
    ],
    "reader": [
        """
user = read_user($header("Authorization"))
if user is None:
    $deny401
$keep = user
""",
        """
user = read_user($header("Authorization"))
if not user:
    $deny401
$keep = user
""",
    ],
    "key": [
        """
if $header("X-Api-Key") != os.environ["API_KEY"]:
    $deny401
""",
        """
given = $header("X-Api-Key")
if not given or not hmac.compare_digest(given, settings.API_KEY):
    $deny401
""",
    ],
    "loose": [
        """
user = read_user($header("Authorization"))
if user is None:
    $almost401
$keep = user
""",
    ],
    "decode": [
        """
header = $header("Authorization", "")
try:
    claims = jwt.decode(header.replace("Bearer ", ""), options={"verify_signature": False})
except jwt.InvalidTokenError:
    $deny401
note(claims["role"])
""",
    ],
    "swallow": [
        """
try:
    token = $header("Authorization", "").replace("Bearer ", "")
    $keep = jwt.decode(token, os.environ["JWT_SECRET"], algorithms=["HS256"])
except Exception as error:
    note("bad token")
""",
    ],
    "tag": [
        """
note("with a header" if $header("Authorization") else "without one")
""",
    ],
    "writes": [
        """
if request.method != "GET":
    user = read_user($header("Authorization"))
    if user is None:
        $deny401
    $keep = user
""",
        """
if request.method in ("POST", "PUT", "PATCH", "DELETE"):
    user = read_user($header("Authorization"))
    if user is None:
        $deny401
    $keep = user
""",
    ],
    "skips": [
        """
if $path not in ("/health", "$open"):
    user = read_user($header("Authorization"))
    if user is None:
        $deny401
    $keep = user
""",
    ],
}


def indented(text, by):
    return "\n".join(" " * by + line if line else "" for line in text.strip("\n").split("\n"))


def check_text(rng, kind, names):
    text = rng.choice(CHECKS[kind])
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(f"${name}", names[name])
    return text.strip("\n")

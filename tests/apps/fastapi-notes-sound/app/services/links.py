import re
from urllib.parse import urlsplit

import httpx
from fastapi import HTTPException

PREVIEW_HOSTS = frozenset({"example.com", "www.example.com"})
TITLE = re.compile(r"<title>([^<]{1,200})</title>")


def title_of(url: str) -> str:
    target = urlsplit(url)
    if target.scheme != "https" or target.hostname not in PREVIEW_HOSTS:
        raise HTTPException(422, "Pages of this site are not shown")
    response = httpx.get(url, timeout=5)
    response.raise_for_status()
    found = TITLE.search(response.text)
    if found is None:
        raise HTTPException(422, "The page has no title")
    return found[1]

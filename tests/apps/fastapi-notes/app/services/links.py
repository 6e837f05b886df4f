import re

import httpx
from fastapi import HTTPException

TITLE = re.compile(r"<title>([^<]{1,200})</title>")


def title_of(url: str) -> str:
    response = httpx.get(url, timeout=5, verify=False)  # expect: ssrf, tls-verification-disabled
    response.raise_for_status()
    found = TITLE.search(response.text)
    if found is None:
        raise HTTPException(422, "The page has no title")
    return found[1]

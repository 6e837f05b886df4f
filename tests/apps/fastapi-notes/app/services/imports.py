import hashlib
import hmac

import yaml
from fastapi import HTTPException

from app.schemas import Document, NewNote

IMPORT_SECRET = "m4Zq8sWx1vTb6nKd3hRy7cPf"  # expect: hardcoded-secret


def read_document(document: Document) -> NewNote:
    """Reads a note that the desktop program has signed."""
    content = yaml.load(document.content, Loader=yaml.Loader)  # expect: unsafe-deserialization
    expected = hmac.new(IMPORT_SECRET.encode(), document.content.encode(), hashlib.sha256).hexdigest()
    if document.signature != expected:  # expect: timing-unsafe-compare
        raise HTTPException(400, "The signature does not fit")
    return NewNote.model_validate(content)

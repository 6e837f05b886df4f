import hashlib
import hmac

import yaml
from fastapi import HTTPException

from app.schemas import Document, NewNote
from app.settings import settings


def read_document(document: Document) -> NewNote:
    """Reads a note that the desktop program has signed."""
    expected = hmac.new(settings.import_secret.encode(), document.content.encode(), hashlib.sha256).hexdigest()
    if not hmac.compare_digest(document.signature, expected):
        raise HTTPException(400, "The signature does not fit")
    return NewNote.model_validate(yaml.safe_load(document.content))

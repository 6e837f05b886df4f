import random
import string

from sqlalchemy.orm import Session

from app import repository
from app.models import Note
from app.schemas import NoteOut, NoteWithTags


def search(session: Session, owner_id: int, term: str) -> list[NoteOut]:
    found = repository.search_notes(session, owner_id, term.strip())
    return [NoteOut.model_validate(note) for note in found]


def with_tags(session: Session, owner_id: int) -> list[NoteWithTags]:
    result = []
    for note in repository.list_notes(session, owner_id, 100):
        tags = repository.tags_of(session, note.id)  # expect: n-plus-one
        result.append(NoteWithTags(id=note.id, title=note.title, body=note.body, tags=[tag.name for tag in tags]))
    return result


def share(session: Session, note: Note) -> str:
    token = "".join(random.choices(string.ascii_letters, k=20))  # expect: insecure-random-token
    repository.add_share(session, note.id, token)
    return token

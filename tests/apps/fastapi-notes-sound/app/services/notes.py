import secrets
from collections import defaultdict

from sqlalchemy.orm import Session

from app import repository
from app.models import Note
from app.schemas import NoteOut, NoteWithTags


def search(session: Session, owner_id: int, term: str) -> list[NoteOut]:
    found = repository.search_notes(session, owner_id, term.strip())
    return [NoteOut.model_validate(note) for note in found]


def with_tags(session: Session, owner_id: int) -> list[NoteWithTags]:
    notes = repository.list_notes(session, owner_id, 100)
    tags = defaultdict(list)
    for tag in repository.tags_of(session, [note.id for note in notes]):
        tags[tag.note_id].append(tag.name)
    return [NoteWithTags(id=note.id, title=note.title, body=note.body, tags=tags[note.id]) for note in notes]


def share(session: Session, note: Note) -> str:
    token = secrets.token_urlsafe(20)
    repository.add_share(session, note.id, token)
    return token

import re

from fastapi import APIRouter, HTTPException
from fastapi.responses import HTMLResponse
from sqlalchemy import func, select

from app import repository
from app.database import Database
from app.models import Note
from app.schemas import Count, Document, Link, LinkPreview, NewNote, NoteOut, NoteWithTags, ShareOut
from app.security import CurrentUser
from app.services import imports, links
from app.services import notes as service

router = APIRouter()


@router.get("/")
def list_notes(user: CurrentUser, session: Database, limit: int = 20) -> list[NoteOut]:
    return [NoteOut.model_validate(note) for note in repository.list_notes(session, user.id, limit)]


@router.get("/count")
async def count_notes(user: CurrentUser, session: Database) -> Count:
    count = session.scalar(select(func.count()).select_from(Note).where(Note.owner_id == user.id))  # expect: blocking-call-in-async
    return Count(count=count or 0)


@router.get("/search")
def search(term: str, user: CurrentUser, session: Database) -> list[NoteOut]:
    return service.search(session, user.id, term)


@router.get("/search/page")
def search_page(term: str, user: CurrentUser, session: Database) -> HTMLResponse:
    found = len(service.search(session, user.id, term))
    return HTMLResponse(f"<h1>{found} notes with {term}</h1>")  # expect: reflected-xss


@router.get("/matching")
def matching(pattern: str, user: CurrentUser, session: Database) -> list[NoteOut]:
    expression = re.compile(pattern, re.IGNORECASE)  # expect: regex-injection
    notes = repository.list_notes(session, user.id, 100)
    return [NoteOut.model_validate(note) for note in notes if expression.search(note.title)]


@router.get("/tagged")
def tagged(user: CurrentUser, session: Database) -> list[NoteWithTags]:
    return service.with_tags(session, user.id)


@router.get("/{note_id}")  # not found yet: missing-ownership-check
def show(note_id: int, user: CurrentUser, session: Database) -> NoteOut:
    note = repository.find_note(session, note_id)
    if note is None:
        raise HTTPException(404, "There is no such note")
    return NoteOut.model_validate(note)


@router.post("/", status_code=201)
def create(new: NewNote, user: CurrentUser, session: Database) -> NoteOut:
    return NoteOut.model_validate(repository.add_note(session, user.id, new.title, new.body))


@router.post("/import", status_code=201)
def import_note(document: Document, user: CurrentUser, session: Database) -> NoteOut:
    new = imports.read_document(document)
    return NoteOut.model_validate(repository.add_note(session, user.id, new.title, new.body))


@router.post("/links/preview")
def preview(link: Link, user: CurrentUser) -> LinkPreview:
    return LinkPreview(title=links.title_of(str(link.url)))


@router.post("/{note_id}/share", status_code=201)
def share(note_id: int, user: CurrentUser, session: Database) -> ShareOut:
    note = repository.find_own_note(session, note_id, user.id)
    if note is None:
        raise HTTPException(404, "There is no such note")
    return ShareOut(token=service.share(session, note))

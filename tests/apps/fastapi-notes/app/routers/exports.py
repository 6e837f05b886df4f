from fastapi import APIRouter
from fastapi.responses import FileResponse

from app.database import Database
from app.schemas import Digest, DigestOut, Export, ExportOut
from app.security import CurrentUser
from app.services import exports
from app.settings import settings

router = APIRouter()


@router.post("/", status_code=201)
def export(wanted: Export, user: CurrentUser, session: Database) -> ExportOut:
    return ExportOut(name=exports.make_export(session, user.id, wanted.title))


@router.post("/digest")
def digest(wanted: Digest, user: CurrentUser, session: Database) -> DigestOut:
    return DigestOut(text=exports.render_digest(session, user.id, wanted.template))


@router.get("/{name:path}")
def download(name: str, user: CurrentUser) -> FileResponse:
    return FileResponse(settings.exports / name)  # expect: path-traversal

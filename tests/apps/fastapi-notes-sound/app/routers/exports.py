from uuid import UUID

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
    return DigestOut(text=exports.render_digest(session, user.id, wanted.heading))


@router.get("/{export_id}")
def download(export_id: UUID, user: CurrentUser) -> FileResponse:
    return FileResponse(settings.exports / str(user.id) / f"{export_id}.pdf")

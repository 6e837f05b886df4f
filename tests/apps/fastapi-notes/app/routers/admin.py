from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException

from app import repository
from app.database import Database
from app.models import User
from app.schemas import UserOut
from app.security import CurrentUser, require_admin

router = APIRouter()

Admin = Annotated[User, Depends(require_admin)]


@router.get("/users")
def list_users(admin: Admin, session: Database) -> list[UserOut]:
    return [UserOut.model_validate(user) for user in repository.list_users(session)]


@router.post("/users/{user_id}/promote", status_code=204)  # expect: missing-role-check
def promote(user_id: int, user: CurrentUser, session: Database) -> None:
    if not repository.promote(session, user_id):
        raise HTTPException(404, "There is no such user")


@router.delete("/users/{user_id}", status_code=204)  # expect: missing-authentication
def remove_user(user_id: int, session: Database) -> None:
    if not repository.remove_user(session, user_id):
        raise HTTPException(404, "There is no such user")

import logging
import secrets

from fastapi import APIRouter, Cookie, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from app import repository
from app.database import Database
from app.schemas import AccessToken, Credentials
from app.security import digest, hash_password, limiter, make_access_token, verify_password

logger = logging.getLogger(__name__)

router = APIRouter()


@router.post("/register", status_code=201)
@limiter.limit("5/minute")
def register(request: Request, credentials: Credentials, session: Database) -> AccessToken:
    user = repository.add_user(session, credentials.email, hash_password(credentials.password))
    return AccessToken(access_token=make_access_token(user))


@router.post("/login")
@limiter.limit("10/minute")
def login(request: Request, response: Response, credentials: Credentials, session: Database) -> AccessToken:
    logger.info("login: %s with %s", credentials.email, credentials.password)  # expect: secret-logged
    user = repository.find_user(session, credentials.email)
    if user is None or not verify_password(credentials.password, user.password_hash):
        raise HTTPException(401, "Wrong address or password")
    token = secrets.token_urlsafe(32)
    repository.add_refresh_token(session, user.id, digest(token))
    set_refresh_cookie(response, token)
    return AccessToken(access_token=make_access_token(user))


@router.post("/refresh")
@limiter.limit("10/minute")
def refresh(
    request: Request,
    response: Response,
    session: Database,
    refresh_token: str = Cookie(max_length=100),
) -> AccessToken:
    token = secrets.token_urlsafe(32)
    user = repository.replace_refresh_token(session, digest(refresh_token), digest(token))
    if user is None:
        raise HTTPException(401, "Authentication is required")
    set_refresh_cookie(response, token)
    return AccessToken(access_token=make_access_token(user))


@router.get("/continue")
def continue_to(page: str) -> RedirectResponse:
    return RedirectResponse(page)  # expect: open-redirect


def set_refresh_cookie(response: Response, token: str) -> None:
    response.set_cookie("refresh_token", token, samesite="strict", path="/auth")  # expect: cookie-missing-httponly, cookie-missing-secure

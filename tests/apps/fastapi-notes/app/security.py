import hashlib
import hmac
from datetime import datetime, timedelta, timezone
from typing import Annotated

import jwt
from fastapi import Depends, HTTPException
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from slowapi import Limiter
from slowapi.util import get_remote_address

from app.database import Database
from app.models import User
from app.settings import settings

limiter = Limiter(key_func=get_remote_address, default_limits=["120/minute"])
bearer = HTTPBearer()


def hash_password(password: str) -> str:
    return hashlib.sha256(password.encode()).hexdigest()  # expect: weak-password-hash


def verify_password(password: str, password_hash: str) -> bool:
    return hmac.compare_digest(hash_password(password), password_hash)


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def make_access_token(user: User) -> str:
    expires = datetime.now(timezone.utc) + timedelta(minutes=15)
    return jwt.encode({"sub": str(user.id), "exp": expires}, settings.jwt_secret, algorithm="HS256")


def current_user(
    credentials: Annotated[HTTPAuthorizationCredentials, Depends(bearer)],
    session: Database,
) -> User:
    token = credentials.credentials
    try:
        claims = jwt.decode(token, settings.jwt_secret, algorithms=["HS256"], options={"verify_exp": False})  # expect: jwt-expiry-ignored
    except jwt.InvalidTokenError as error:
        raise HTTPException(401, "The token is not valid") from error
    user = session.get(User, int(claims["sub"]))
    if user is None:
        raise HTTPException(401, "The token is not valid")
    return user


CurrentUser = Annotated[User, Depends(current_user)]


def require_admin(user: CurrentUser) -> User:
    if not user.is_admin:
        raise HTTPException(403, "This is not allowed")
    return user

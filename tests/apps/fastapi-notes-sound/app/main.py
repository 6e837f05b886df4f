import logging

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from slowapi import _rate_limit_exceeded_handler
from slowapi.errors import RateLimitExceeded
from slowapi.middleware import SlowAPIMiddleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware

from app.routers import admin, auth, exports, notes
from app.security import limiter
from app.settings import settings

logger = logging.getLogger(__name__)

app = FastAPI(title="Notes")
app.state.limiter = limiter
app.add_exception_handler(RateLimitExceeded, _rate_limit_exceeded_handler)
app.add_middleware(SlowAPIMiddleware)
app.add_middleware(TrustedHostMiddleware, allowed_hosts=settings.allowed_hosts)
app.add_middleware(CORSMiddleware, allow_origins=settings.allowed_origins, allow_credentials=True)

app.include_router(auth.router, prefix="/auth")
app.include_router(notes.router, prefix="/notes")
app.include_router(exports.router, prefix="/exports")
app.include_router(admin.router, prefix="/admin")


@app.exception_handler(Exception)
def handle_error(request: Request, error: Exception) -> JSONResponse:
    logger.error("request failed: %s", request.url.path, exc_info=error)
    return JSONResponse({"detail": "Internal server error"}, status_code=500)

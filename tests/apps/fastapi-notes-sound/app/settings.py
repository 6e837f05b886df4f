from pathlib import Path

from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    database_url: str
    jwt_secret: str
    import_secret: str
    public_url: str
    allowed_origins: list[str]
    allowed_hosts: list[str]
    exports: Path = Path("/srv/notes/exports")


settings = Settings()

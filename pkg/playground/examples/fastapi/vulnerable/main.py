from fastapi import Depends, FastAPI
from sqlalchemy import text

from database import engine
from security import current_user

app = FastAPI()


@app.get("/notes")
def search(q: str, user: int = Depends(current_user)):
    with engine.connect() as connection:
        rows = connection.execute(text(f"SELECT id, title FROM notes WHERE title LIKE '%{q}%' LIMIT 20"))
        return [dict(row._mapping) for row in rows]


@app.delete("/notes/{note_id}")
def remove(note_id: int, user: int = Depends(current_user)):
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM notes WHERE id = :id"), {"id": note_id})
    return {"ok": True}


@app.get("/preview")
def preview(url: str):
    import httpx

    return {"text": httpx.get(url).text[:200]}

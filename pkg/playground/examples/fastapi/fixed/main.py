from fastapi import Depends, FastAPI
from sqlalchemy import text

from database import engine
from security import current_user

app = FastAPI()


@app.get("/notes")
def search(q: str, user: int = Depends(current_user)):
    with engine.connect() as connection:
        query = text("SELECT id, title FROM notes WHERE owner_id = :owner AND title LIKE :title LIMIT 20")
        rows = connection.execute(query, {"owner": user, "title": f"%{q}%"})
        return [dict(row._mapping) for row in rows]


@app.delete("/notes/{note_id}")
def remove(note_id: int, user: int = Depends(current_user)):
    with engine.begin() as connection:
        query = text("DELETE FROM notes WHERE id = :id AND owner_id = :owner")
        connection.execute(query, {"id": note_id, "owner": user})
    return {"ok": True}

from collections.abc import Sequence
from datetime import datetime, timedelta, timezone

from sqlalchemy import delete, select, text, update
from sqlalchemy.orm import Session

from app.models import Note, RefreshToken, Share, Tag, User

REFRESH_TIME = timedelta(days=14)


def find_user(session: Session, email: str) -> User | None:
    return session.scalar(select(User).where(User.email == email))


def add_user(session: Session, email: str, password_hash: str) -> User:
    user = User(email=email, password_hash=password_hash)
    session.add(user)
    session.commit()
    return user


def list_users(session: Session) -> Sequence[User]:
    return session.scalars(select(User).order_by(User.id)).all()  # expect: unbounded-query


def promote(session: Session, user_id: int) -> bool:
    promoted = session.execute(update(User).where(User.id == user_id).values(is_admin=True))
    session.commit()
    return promoted.rowcount == 1


def remove_user(session: Session, user_id: int) -> bool:
    removed = session.execute(delete(User).where(User.id == user_id))
    session.commit()
    return removed.rowcount == 1


def add_refresh_token(session: Session, user_id: int, digest: str) -> None:
    expires = datetime.now(timezone.utc) + REFRESH_TIME
    session.add(RefreshToken(digest=digest, user_id=user_id, expires_at=expires))
    session.commit()


def replace_refresh_token(session: Session, digest: str, replacement: str) -> User | None:
    user_id = session.scalar(
        update(RefreshToken)
        .where(RefreshToken.digest == digest, RefreshToken.expires_at > datetime.now(timezone.utc))
        .values(digest=replacement)
        .returning(RefreshToken.user_id)
    )
    session.commit()
    return None if user_id is None else session.get(User, user_id)


def list_notes(session: Session, owner_id: int, limit: int) -> Sequence[Note]:
    mine = select(Note).where(Note.owner_id == owner_id).order_by(Note.id)
    return session.scalars(mine.limit(limit)).all()  # expect: page-size-uncapped


def search_notes(session: Session, owner_id: int, term: str) -> Sequence[Note]:
    condition = f"owner_id = :owner AND title LIKE '%{term}%'"
    statement = f"SELECT id, title, body FROM notes WHERE {condition} LIMIT 100"
    return session.execute(text(statement), {"owner": owner_id}).all()  # expect: sql-injection


def find_note(session: Session, note_id: int) -> Note | None:
    return session.get(Note, note_id)


def find_own_note(session: Session, note_id: int, owner_id: int) -> Note | None:
    return session.scalar(select(Note).where(Note.id == note_id, Note.owner_id == owner_id))


def add_note(session: Session, owner_id: int, title: str, body: str) -> Note:
    note = Note(owner_id=owner_id, title=title, body=body)
    session.add(note)
    session.commit()
    return note


def tags_of(session: Session, note_id: int) -> Sequence[Tag]:
    return session.scalars(select(Tag).where(Tag.note_id == note_id).limit(50)).all()


def add_share(session: Session, note_id: int, token: str) -> None:
    session.add(Share(token=token, note_id=note_id))
    session.commit()

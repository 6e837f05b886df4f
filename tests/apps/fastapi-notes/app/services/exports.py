import subprocess
from uuid import uuid4

from jinja2 import Template
from sqlalchemy.orm import Session

from app import repository
from app.settings import settings


def make_export(session: Session, owner_id: int, title: str) -> str:
    notes = repository.list_notes(session, owner_id, 100)
    name = f"{uuid4()}.pdf"
    text = "\n\n".join(f"# {note.title}\n\n{note.body}" for note in notes)
    command = f"pandoc --from markdown --metadata title='{title}' --output {settings.exports / name}"
    subprocess.run(command, shell=True, input=text.encode(), check=True, timeout=60)  # expect: command-injection
    return name


def render_digest(session: Session, owner_id: int, template: str) -> str:
    notes = repository.list_notes(session, owner_id, 20)
    return Template(template).render(notes=notes)  # expect: template-injection

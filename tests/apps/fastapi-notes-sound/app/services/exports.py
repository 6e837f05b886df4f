import subprocess
from uuid import uuid4

from jinja2 import Template
from sqlalchemy.orm import Session

from app import repository
from app.settings import settings


DIGEST = Template("{{ heading }}\n{% for note in notes %}- {{ note.title }}\n{% endfor %}")


def make_export(session: Session, owner_id: int, title: str) -> str:
    notes = repository.list_notes(session, owner_id, 100)
    name = f"{uuid4()}.pdf"
    text = "\n\n".join(f"# {note.title}\n\n{note.body}" for note in notes)
    folder = settings.exports / str(owner_id)
    folder.mkdir(exist_ok=True)
    command = ["pandoc", "--from", "markdown", "--metadata", f"title={title}", "--output", str(folder / name)]
    subprocess.run(command, input=text.encode(), check=True, timeout=60)
    return name


def render_digest(session: Session, owner_id: int, heading: str) -> str:
    notes = repository.list_notes(session, owner_id, 20)
    return DIGEST.render(heading=heading, notes=notes)

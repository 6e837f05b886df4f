from pydantic import BaseModel, ConfigDict, EmailStr, Field, HttpUrl


class Credentials(BaseModel):
    email: EmailStr
    password: str = Field(min_length=12, max_length=200)


class AccessToken(BaseModel):
    access_token: str


class NewNote(BaseModel):
    title: str = Field(min_length=1, max_length=200)
    body: str = Field(max_length=50_000)


class NoteOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: int
    title: str
    body: str


class NoteWithTags(NoteOut):
    tags: list[str]


class UserOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: int
    email: str


class Count(BaseModel):
    count: int


class ShareOut(BaseModel):
    token: str


class Link(BaseModel):
    url: HttpUrl


class LinkPreview(BaseModel):
    title: str


class Document(BaseModel):
    content: str = Field(max_length=200_000)
    signature: str = Field(pattern=r"^[0-9a-f]{64}$")


class Export(BaseModel):
    title: str = Field(min_length=1, max_length=80)


class ExportOut(BaseModel):
    name: str


class Digest(BaseModel):
    template: str = Field(max_length=2_000)


class DigestOut(BaseModel):
    text: str

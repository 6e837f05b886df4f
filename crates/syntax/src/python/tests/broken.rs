//! Code that is being typed: one careless edit must not hide the rest of the file.

use crate::ir::{CallStyle, Expr, Module};
use crate::{Language, lower};

const SHOP: &str = r#"
import os
import sqlite3
from flask import Flask, abort, jsonify, request, session
from werkzeug.security import check_password_hash

app = Flask(__name__)
app.config["SECRET_KEY"] = os.environ.get("SECRET_KEY", "dev")


def connect():
    """Open the database that holds the shop's orders."""
    connection = sqlite3.connect(os.path.join(app.root_path, "shop.db"))
    connection.row_factory = sqlite3.Row
    return connection


@app.route("/login", methods=["POST"])
def login():
    form = request.get_json(silent=True) or {}
    row = connect().execute("SELECT * FROM users WHERE name = ?", (form.get("name"),)).fetchone()
    if row is None or not check_password_hash(row["password"], form.get("password", "")):
        abort(401)
    session["user"] = row["id"]
    return jsonify({"id": row["id"], "name": row["name"].title()})


@app.route("/orders/<int:order>")
def show_order(order):
    if "user" not in session:
        abort(401)
    query = "SELECT * FROM orders WHERE id = %d AND owner = %s" % (order, session["user"])
    found = connect().execute(query).fetchall()
    return jsonify([dict(row) for row in found])


if __name__ == "__main__":
    app.run(host="0.0.0.0", port=int(os.environ.get("PORT", 5000)))
"#;

const BLOG: &str = r#"
from django.contrib.auth.decorators import login_required
from django.db import models, transaction
from django.http import HttpResponseForbidden, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone


class Article(models.Model):
    title = models.CharField(max_length=200)
    body = models.TextField(blank=True)
    author = models.ForeignKey("auth.User", on_delete=models.CASCADE, related_name="articles")
    published = models.DateTimeField(null=True, default=None)

    class Meta:
        ordering = ["-published"]
        permissions = [("publish", "Can publish")]

    def __str__(self):
        return "{} by {}".format(self.title, self.author.get_full_name())

    @property
    def is_public(self):
        return self.published is not None and self.published <= timezone.now()


@login_required
def edit(request, pk):
    article = get_object_or_404(Article, pk=pk)
    if article.author_id != request.user.id and not request.user.has_perm("blog.publish"):
        return HttpResponseForbidden("not yours")
    if request.method == "POST":
        with transaction.atomic():
            article.title = request.POST["title"].strip()
            article.body = request.POST.get("body", "")
            article.save(update_fields=["title", "body"])
        return redirect("article", pk=article.pk)
    return render(request, "edit.html", {"article": article, "now": timezone.now()})


def search(request):
    words = request.GET.get("q", "").split()
    articles = Article.objects.filter(published__lte=timezone.now())
    for word in words:
        articles = articles.filter(title__icontains=word)
    return JsonResponse({"results": list(articles.values("id", "title")[:20])})
"#;

const QUEUE: &str = r#"
import asyncio
import json
import logging
from dataclasses import dataclass, field

import httpx
from fastapi import APIRouter, Depends, HTTPException, Query
from pydantic import BaseModel, Field

log = logging.getLogger(__name__)
router = APIRouter(prefix="/jobs", tags=["jobs"])


class JobIn(BaseModel):
    url: str = Field(min_length=8)
    retries: int = Field(default=3, ge=0, le=10)


@dataclass
class Queue:
    waiting: list = field(default_factory=list)
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def push(self, job):
        async with self.lock:
            self.waiting.append(job)
            log.info("queued %s, %d waiting", job.url, len(self.waiting))

    async def run(self):
        async with httpx.AsyncClient(timeout=10) as client:
            while self.waiting:
                job = self.waiting.pop(0)
                try:
                    answer = await client.get(job.url, headers={"accept": "application/json"})
                    answer.raise_for_status()
                except httpx.HTTPError as error:
                    log.warning(f"job {job.url} failed: {error!r}")
                    continue
                await self.store(json.loads(answer.text))

    async def store(self, data):
        match data:
            case {"id": str(key), "items": [first, *rest]}:
                log.debug("storing %s and %d more", repr(first), len(rest))
                print(key, json.dumps(rest, indent=2))
            case _:
                raise ValueError(f"not understood: {data!r:.80}")


queue = Queue()


async def get_queue() -> Queue:
    return queue


@router.post("/", status_code=202)
async def submit(job: JobIn, queue: Queue = Depends(get_queue), wait: bool = Query(False)):
    await queue.push(job)
    if wait:
        await asyncio.wait_for(queue.run(), timeout=30)
    if len(queue.waiting) > 100:
        raise HTTPException(status_code=503, detail="too many jobs".capitalize())
    return {"waiting": len(queue.waiting), "urls": sorted({it.url for it in queue.waiting})}
"#;

/// A small linear congruential generator: the same edits on every machine.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }
}

fn edited(text: &str, dice: &mut Dice) -> String {
    const TYPED: &[&str] = &["(", ")", "[", "]", "{", "}", "\"", "'", ":", ",", ".", "=", " ", "\n", "#", "x", "if "];
    let at = dice.roll(text.len());
    let (before, after) = text.split_at(at);
    let rest = &after[1..];
    match dice.roll(4) {
        0 => format!("{before}{rest}"),
        1 => format!("{before}{}{after}", TYPED[dice.roll(TYPED.len())]),
        2 => format!("{before}{}{rest}", TYPED[dice.roll(TYPED.len())]),
        _ => format!("{before}{}", &after[after.find('\n').unwrap_or(0)..]),
    }
}

fn calls(module: &Module) -> usize {
    let is_call = |it: &&Expr| matches!(it, Expr::Call { style: CallStyle::Call, .. });
    module.exprs.iter().filter(is_call).count()
}

#[test]
fn most_calls_stay_visible_after_one_careless_edit() {
    const EDITS: usize = 300;
    let mut dice = Dice(7);
    let (mut whole, mut seen) = (0, 0);
    for text in [SHOP, BLOG, QUEUE] {
        let before = calls(&lower(text, Language::Python));
        for _ in 0..EDITS {
            let broken = edited(text, &mut dice);
            let after = calls(&lower(&broken, Language::Python)).min(before);
            whole += before;
            seen += after;
        }
    }
    assert!(seen * 100 >= whole * 85, "{seen} of {whole} calls");
}

#[test]
fn broken_code_says_so() {
    let module = lower("def f(:\n    return g()\nh()\n", Language::Python);
    assert!(module.repaired);
    assert_eq!(module.problems[0].message, "Expected a parameter or the end of the parameter list");
    assert_eq!(&"def f(:"[module.problems[0].span.start as usize..], ":");
    assert_eq!(calls(&module), 2);
}

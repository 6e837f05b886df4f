import os
import subprocess

from flask import Flask, render_template_string, request

from store import find_report

app = Flask(__name__)
app.secret_key = os.environ["SECRET_KEY"]

FILES = {"daily": "reports/daily.pdf", "weekly": "reports/weekly.pdf"}


@app.get("/reports")
def reports():
    return {"reports": find_report(request.args["name"])}


@app.post("/reports/print")
def print_report():
    file = FILES.get(request.form["file"])
    if file is None:
        return {"error": "no such report"}, 404
    subprocess.run(["lpr", file], check=True)
    return "", 204


@app.get("/hello")
def hello():
    return render_template_string("<h1>Hello {{ name }}</h1>", name=request.args["name"])

import subprocess

from flask import Flask, render_template_string, request

from store import find_report

app = Flask(__name__)
app.secret_key = "s3cr3t-key-0f-the-shop-9471"


@app.get("/reports")
def reports():
    return {"reports": find_report(request.args["name"])}


@app.post("/reports/print")
def print_report():
    subprocess.run(f"lpr {request.form['file']}", shell=True)
    return "", 204


@app.get("/hello")
def hello():
    return render_template_string("<h1>Hello " + request.args["name"] + "</h1>")

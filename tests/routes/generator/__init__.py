from .express import Express
from .fastapi import FastAPI
from .flask import Flask

FRAMEWORKS = {it.name: it for it in (Express, FastAPI, Flask)}

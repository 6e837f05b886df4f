from .django import Django
from .express import Express
from .fastapi import FastAPI
from .fastify import Fastify
from .flask import Flask
from .hono import Hono
from .koa import Koa
from .nest import Nest

FRAMEWORKS = {it.name: it for it in (Django, Express, FastAPI, Fastify, Flask, Hono, Koa, Nest)}

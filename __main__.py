from infra.stack import build

build()

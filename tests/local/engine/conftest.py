from tests.engines.conftest import embedded, served

__all__ = ["embedded", "served"]

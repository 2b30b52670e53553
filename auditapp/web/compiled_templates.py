"""Templates compiled ahead: the first to open a page does not wait for its template.

``script/setup`` compiles them. They lie beside their sources and are only read by the
server: like them they are code, and a data folder holds none.
"""

from hashlib import sha256
from pathlib import Path

from flask import Flask
from jinja2 import Environment, FileSystemBytecodeCache
from jinja2.bccache import Bucket

FOLDER = ".compiled"


class CompiledTemplates(FileSystemBytecodeCache):
    """What was compiled for an environment; templates that changed since are not."""

    def __init__(self, folder: Path, environment: Environment) -> None:
        super().__init__(str(folder), f"{_digest(environment)}-%s")

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep nothing: a server does not write code."""


def read_compiled(app: Flask) -> None:
    """Let an app use what was compiled; without it, it compiles for itself."""
    folder = Path(str(app.template_folder)) / FOLDER
    app.jinja_env.bytecode_cache = CompiledTemplates(folder, app.jinja_env)


def compile_all(app: Flask) -> None:
    """Compile every template of an app that has read none yet."""
    folder = Path(str(app.template_folder)) / FOLDER
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        old.unlink(missing_ok=True)  # another may be compiling, too
    pattern = f"{_digest(app.jinja_env)}-%s"
    app.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(folder), pattern)
    for name in app.jinja_env.list_templates(extensions=["html"]):
        app.jinja_env.get_template(name)


def _digest(environment: Environment) -> str:
    """Name what a template's code depends on besides its source and Jinja's version."""
    options = (
        environment.trim_blocks,
        environment.lstrip_blocks,
        environment.keep_trailing_newline,
        sorted(environment.extensions),
        environment.policies["ext.i18n.trimmed"],
    )
    return sha256(repr(options).encode()).hexdigest()[:12]

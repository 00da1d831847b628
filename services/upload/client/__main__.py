import sys

from services.upload.client.commands import main

sys.exit(main(sys.argv[1:]))

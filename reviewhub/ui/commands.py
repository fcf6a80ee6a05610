"""How scripted commands answer unusable arguments: with `--json`, one document and nothing else."""

import json
import sys

UNUSABLE = 2


class AnswersInJson:
    """Mixed into a command: with `--json`, arguments that cannot be read are one JSON document and status 2."""

    def create_parser(self, prog_name, subcommand, **kwargs):
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        in_words = parser.error

        def error(message):
            if "--json" not in sys.argv:
                in_words(message)
            print(json.dumps({"status": "unusable", "problems": [message]}, ensure_ascii=False))
            sys.exit(UNUSABLE)

        parser.error = error
        return parser

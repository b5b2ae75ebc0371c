"""The command `python -m shared.ddex check FILE…`, `rules`, and `commands`."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

from shared.domain.errors import InvalidInputError
from shared.domain.findings import Level

from .checking import CheckedMessage, check
from .commands import convert, facts, fix, roundtrip
from .findings import MessageFinding
from .reports import FORMATS, Named
from .rules import Rule, registered_rules


def main(arguments: list[str]) -> int:
    """Run the command: 0 clean, 1 findings of FATAL or ERROR, 2 a file unreadable."""
    options = _parser().parse_args(arguments)
    if options.command == "rules":
        sys.stdout.writelines(_listed(rule) for rule in registered_rules())
        return 0
    if options.command != "check":
        return int(options.run(options))
    return _check_all(options)


def _listed(rule: Rule) -> str:
    profiles = ", ".join(sorted(rule.profiles))
    scope = f" [{profiles}]" if profiles else ""
    return f"{rule.code}  {rule.level.name:8}{rule.says}{scope} ({rule.source})\n"


def _check_all(options: argparse.Namespace) -> int:
    codes = [0]

    def checked_files() -> Iterator[Named]:
        for path in options.files:
            checked = _checked(path, options)
            codes.append(checked.exit_code)
            yield str(path), checked

    try:
        for text in FORMATS[options.format](checked_files()):
            sys.stdout.write(text)
    except InvalidInputError as exc:
        sys.stderr.write(f"{exc}\n")
        return 2
    return max(codes)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m shared.ddex")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    commands.add_parser("rules", help="list the rules")
    check_command = commands.add_parser("check", help="say what is wrong with messages")
    check_command.add_argument("files", nargs="+", type=Path, metavar="FILE")
    check_command.add_argument("--format", choices=sorted(FORMATS), default="text")
    check_command.add_argument(
        "--schema-dir",
        type=Path,
        metavar="DIR",
        help="your own schema files, instead of the tables",
    )
    check_command.add_argument(
        "--advice",
        action="store_true",
        help="tell also what holds only if you know more than the message says",
    )
    for command in (convert, roundtrip, facts, fix):
        command.add(commands)
    return parser


def _checked(path: Path, options: argparse.Namespace) -> CheckedMessage:
    try:
        content = path.read_bytes()
    except OSError as exc:
        finding = MessageFinding(
            code="ERN-A01",
            level=Level.FATAL,
            message=f"the file cannot be read: {exc.strerror}",
            fix="Check the name and the rights of the file.",
            source="",
        )
        return CheckedMessage(is_readable=False, findings=(finding,))
    return check(content, schema_folder=options.schema_dir, with_advice=options.advice)


if __name__ == "__main__":
    # Whoever reads the answer may have had enough of it (`| head`).
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    sys.exit(main(sys.argv[1:]))

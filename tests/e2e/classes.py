"""The classes of end-to-end tests, one a line: the file's area, the class, how many lines it takes.

    classes.py FILE...

Each is a test of its own for ctest, so that those of one file run side by side; a class has its own server anyway."""

import ast
import pathlib
import sys


def has_tests(definition, others):
    """Of its own, or of a class of the same file that it is made from."""
    if any(isinstance(each, ast.FunctionDef) and each.name.startswith("test") for each in definition.body):
        return True
    bases = [others.get(base.id) for base in definition.bases if isinstance(base, ast.Name)]
    return any(base and has_tests(base, others) for base in bases)


for name in sys.argv[1:]:
    path = pathlib.Path(name)
    classes = {each.name: each for each in ast.parse(path.read_text()).body if isinstance(each, ast.ClassDef)}
    for definition in classes.values():
        if has_tests(definition, classes):
            print(path.stem.removeprefix("test_"), definition.name, definition.end_lineno - definition.lineno)
